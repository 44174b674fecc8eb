"""Where in a submission's source a failed check points: read with ``ast``, never run."""

import ast
import re
from pathlib import Path
from typing import Callable, Iterator, Optional, Tuple
from urllib.parse import unquote, urlsplit

from grader.scorecard import Check

Place = Tuple[str, int]

METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "api_route", "route"}
# What is longer was not written by hand. (Python 3.8 crashes over a very long expression.)
MOST_FILES = 50
LONGEST_SOURCE = 64 * 1024
MOST_SOURCE = 512 * 1024
_RAISED = re.compile(r'^ *File "([\w./-]+\.py)", line (\d{1,6}), in ', re.MULTILINE)
_TOLD = re.compile(r"\bin ([\w./-]+\.py), line (\d{1,6})\b")


class Handler:
    """A function that a decorator binds to a method and a path."""

    def __init__(self, method: str, path: str, place: Place) -> None:
        self.method, self.place = method, place
        self.parts = path.strip("/").split("/")

    def answers(self, method: str, path: str) -> bool:
        """Whether a request is this function's to answer."""
        asked = path.strip("/").split("/")
        # Only the end: a router or an application may put a prefix before it.
        pairs = list(zip(reversed(self.parts), reversed(asked)))
        return (
            self.method in (method, "api_route", "route")
            and len(pairs) == len(self.parts)
            and all("{" in part or part == given for part, given in pairs)
        )

    @property
    def exactness(self) -> Tuple[int, int]:
        """How much of a path it names: of two handlers that answer, the more exact is meant."""
        return len(self.parts), sum(len(part) for part in self.parts if "{" not in part)


def finder(folder: Path) -> Callable[[Check], Optional[Place]]:
    """A function that gives the file and line that a check of this submission points to."""
    sources = dict(_sources(folder))
    handlers = [handler for name in sources for handler in _handlers(name, sources[name])]
    lengths = {name: source.count(b"\n") + 1 for name, source in sources.items()}

    def find(check: Check) -> Optional[Place]:
        named = _TOLD.findall(check.message)[:1]
        if check.exchanges and check.exchanges[-1].status == 500:
            named += _RAISED.findall(check.console)[-1:]  # where the last error was raised
        for file, line in named:
            if file in lengths and 0 < int(line) <= lengths[file]:
                return file, int(line)
        if not check.exchanges:
            return None
        last = check.exchanges[-1]
        path = unquote(urlsplit(last.url).path)
        found = [h for h in handlers if h.answers(last.method.lower(), path)]
        return max(found, key=lambda h: h.exactness).place if found else None

    return find


def _handlers(name: str, source: bytes) -> Iterator[Handler]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in node.decorator_list:
                bound = _bound(decorator)
                if bound is not None:
                    yield Handler(*bound, (name, decorator.lineno))


def _sources(folder: Path) -> Iterator[Tuple[str, bytes]]:
    left = MOST_SOURCE
    for file in sorted(folder.rglob("*.py"))[:MOST_FILES]:
        size = file.stat().st_size if file.is_file() else LONGEST_SOURCE + 1
        if size <= LONGEST_SOURCE and size <= left:
            left -= size
            yield file.relative_to(folder).as_posix(), file.read_bytes()


def _bound(decorator: ast.expr) -> Optional[Tuple[str, str]]:
    """The method and the path of ``@app.post("/leads")``."""
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return None
    method = decorator.func.attr
    path = decorator.args[0] if decorator.args else None
    for keyword in decorator.keywords:
        if keyword.arg == "path":
            path = keyword.value
    if method not in METHODS or not isinstance(path, ast.Constant):
        return None
    return (method, path.value) if isinstance(path.value, str) and path.value else None
