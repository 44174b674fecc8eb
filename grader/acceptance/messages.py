"""A request as a test writes it, and the answer as a test reads it."""

import json as jsonlib
import urllib.parse
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Type, TypeVar, Union

from grader.errors import CheckFailed
from grader.service.console import clipped, one_line

Content = Union[bytes, Iterable[bytes], None]
HeaderValue = Union[str, bytes]

_T = TypeVar("_T")

# What a path or a query may hold as it is: RFC 3986's unreserved and reserved characters, and %.
AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


def brief(value: object, most: int = 200) -> str:
    """A value as Python writes it, for the midst of a sentence: cut by an ellipsis if too long."""
    return clipped(repr(value), most)


@dataclass(frozen=True)
class Call:
    """A request to be sent."""

    method: str
    path: str
    params: Optional[Mapping[str, str]] = None
    headers: Optional[Mapping[str, HeaderValue]] = None
    json: Any = MISSING
    content: Content = None

    def target(self) -> str:
        """The path with its query, percent-encoded throughout (RFC 3986: a space is %20)."""
        path = urllib.parse.quote(self.path, safe=AS_IT_IS)
        if not self.params:
            return path
        return (
            path + "?" + urllib.parse.urlencode(self.params, safe="", quote_via=urllib.parse.quote)
        )

    def body(self) -> Content:
        """The bytes of the body."""
        if self.json is MISSING:
            return self.content
        return jsonlib.dumps(self.json, ensure_ascii=False).encode()

    def all_headers(self) -> List[Tuple[bytes, bytes]]:
        """The headers to send, as bytes; a JSON body says that it is one."""
        headers: Dict[bytes, bytes] = {}
        if self.json is not MISSING:
            headers[b"content-type"] = b"application/json"
        for name, value in (self.headers or {}).items():
            headers[name.lower().encode()] = value if isinstance(value, bytes) else value.encode()
        return list(headers.items())


@dataclass
class Reply:
    """A service's answer to one request."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes
    asked: str
    exchange: object = field(default=None, compare=False, repr=False)  # as the recorder keeps it

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")

    def expect(self, *statuses: int, why: str = "") -> "Reply":
        """Fail the check unless the status is one of ``statuses``; ``why`` ends the sentence.

        Raises:
            CheckFailed: it is another.
        """
        if self.status not in statuses:
            wanted = " or ".join(str(status) for status in statuses)
            reason = f": {why}" if why else ""
            target = one_line(self.headers.get("location", ""), 200)
            moved = f", a redirect to {target}" if 300 <= self.status < 400 and target else ""
            came = f"{self.asked} answered {self.status}{moved}"
            raise CheckFailed(f"{came}; the ticket asks for {wanted}{reason}.", self.exchange)
        return self

    def json(self) -> Any:
        """The body, read as JSON.

        Raises:
            CheckFailed: it is none.
        """
        try:
            value = jsonlib.loads(self.content.decode("utf-8"))
            if b"\\ud" in self.content.lower():  # half a character, alone, is no text
                jsonlib.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise CheckFailed(f"The answer to {self.asked} is not JSON.", self.exchange) from None
        return value

    def object(self) -> Dict[str, Any]:
        """The body as a JSON object.

        Raises:
            CheckFailed: it is none.
        """
        return self._json_of(dict, "an object ({…})")

    def array(self) -> List[Any]:
        """The body as a JSON array.

        Raises:
            CheckFailed: it is none.
        """
        return self._json_of(list, "an array ([…])")

    def _json_of(self, kind: "Type[_T]", name: str) -> "_T":
        value = self.json()
        if not isinstance(value, kind):
            found = "a JSON string," if isinstance(value, str) else "JSON, but"
            found = "null," if value is None else found
            message = f"The answer to {self.asked} is {found} not {name}."
            raise CheckFailed(message, self.exchange)
        return value
