"""A request as a line that can be pasted into a shell."""

import shlex
from dataclasses import dataclass
from typing import Mapping, Optional


@dataclass(frozen=True)
class ShownRequest:
    """A request as people repeat it by hand."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Optional[str]


def curl(request: ShownRequest) -> str:
    """For the shells of Linux and macOS."""
    words = ["curl", "-i"]
    if request.method != "GET":
        words += ["-X", request.method]
    words.append(request.url)
    for name, value in request.headers.items():
        words += ["-H", f"{name}: {value}"]
    if request.body is not None:
        words += ["--data-raw", request.body]
    return " ".join(shlex.quote(word) for word in words)


def powershell(request: ShownRequest) -> str:
    """For PowerShell, old and new.

    Not with curl: quotes inside of an argument reach a program in one way before PowerShell 7.3 and
    in another one since, and ``curl`` itself is another command in Windows PowerShell.
    """
    words = ["Invoke-WebRequest", "-UseBasicParsing", "-Method", request.method]
    words += ["-Uri", _quoted(request.url)]
    headers = dict(request.headers)
    kind = headers.pop("content-type", None)  # it has a parameter of its own
    if headers:
        pairs = "; ".join(f"{_quoted(name)}={_quoted(value)}" for name, value in headers.items())
        words += ["-Headers", f"@{{{pairs}}}"]
    if kind is not None:
        words += ["-ContentType", _quoted(kind)]
    if request.body is not None:
        # As bytes: Windows PowerShell would send a text in Latin-1.
        words += ["-Body", f"([Text.Encoding]::UTF8.GetBytes({_quoted(request.body)}))"]
    return " ".join(words)


def _quoted(text: str) -> str:
    """A text as it is; typographic quotes end a string in PowerShell, too, unless doubled."""
    doubled = "".join(char * 2 if char in "'\u2018\u2019\u201a\u201b" else char for char in text)
    return f"'{doubled}'"
