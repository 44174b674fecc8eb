"""The recording HTTP client: what was sent and what came back, as the scorecard shows it.

Whatever a service does on the wire ends here as a ``Reply`` or as ``CheckFailed``: an answer that
never ends, is enormous or malformed is the service's failure, and never the examiner's hang.
"""

import json as jsonlib
import os
import time
import urllib.parse
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Deque, Dict, Iterable, List, Mapping, Optional, Tuple, Union

import httpx

from grader.acceptance.shell import ShownRequest, curl, powershell
from grader.acceptance.slowness import slowness
from grader.errors import CheckFailed
from grader.scorecard import Exchange
from grader.service.console import cut, neutralise

REQUEST_SECONDS = 15.0  # on a machine that has nothing else to do; see request_seconds
MOST_BYTES = 8 * 1024 * 1024
SHOWN = 1200
KEPT_EXCHANGES = 6

# The port that people use by hand; the examiner's own is of no use after the run.
SHOWN_BASE = "http://127.0.0.1:8000"

Content = Union[bytes, Iterable[bytes], None]
HeaderValue = Union[str, bytes]


def request_seconds() -> float:
    """How long a service may be silent at this moment."""
    return REQUEST_SECONDS * slowness()


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


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
        if not self.params:
            return self.path
        return (
            self.path
            + "?"
            + urllib.parse.urlencode(self.params, safe="", quote_via=urllib.parse.quote)
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
    headers: httpx.Headers
    content: bytes
    asked: str

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
            raise CheckFailed(
                f"{self.asked} answered {self.status}; the ticket asks for {wanted}{reason}."
            )
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
            raise CheckFailed(f"The answer to {self.asked} is not JSON.") from None
        return value

    def object(self) -> Dict[str, Any]:
        """The body as a JSON object.

        Raises:
            CheckFailed: it is none.
        """
        value = self.json()
        if not isinstance(value, dict):
            raise CheckFailed(f"The answer to {self.asked} is JSON, but not an object ({{…}}).")
        return value

    def array(self) -> List[Any]:
        """The body as a JSON array.

        Raises:
            CheckFailed: it is none.
        """
        value = self.json()
        if not isinstance(value, list):
            raise CheckFailed(f"The answer to {self.asked} is JSON, but not an array ([…]).")
        return value


class HungUp(CheckFailed):
    """The service did not answer in time: it may hang."""


@dataclass
class Recorder:
    """The exchanges of the running check, the newest last."""

    exchanges: Deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT_EXCHANGES))

    def clear(self) -> None:
        """Forget them: a new check begins."""
        self.exchanges.clear()


class Client:
    """Sends requests to one service and records them."""

    def __init__(
        self, port: int, recorder: Recorder, seconds: Callable[[], float] = request_seconds
    ) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._recorder = recorder
        self._seconds = seconds  # how long the service may be silent
        self._http = self._new_http()
        # uvicorn closes the connection after an unhandled exception without saying so: from the
        # first 5xx on a kept connection may be dead, so every request has one of its own.
        self._keep = True

    @staticmethod
    def _new_http() -> httpx.Client:
        # keepalive_expiry lies below uvicorn's 5 seconds: a connection that the service is about
        # to close is never used again.
        limits = httpx.Limits(max_connections=None, keepalive_expiry=2.0)
        client = httpx.Client(verify=False, trust_env=False, timeout=REQUEST_SECONDS, limits=limits)
        client.headers = httpx.Headers({"accept": "*/*", "user-agent": "curl/8.5.0"})
        # httpx puts its own back: a service that compresses on request would do so, unread by us.
        del client.headers["accept-encoding"]
        return client

    def send(self, call: Call, *, own_connection: bool = False) -> Reply:
        """Send ``call`` and return the answer.

        Raises:
            HungUp: no complete answer in time.
            CheckFailed: no answer that is HTTP, or one that is too large.
        """
        own_connection = own_connection or not self._keep
        http = self._new_http() if own_connection else self._http
        body = call.body()
        seconds = self._seconds()
        try:
            request = http.build_request(
                call.method,
                self._base + call.target(),
                headers=call.all_headers(),
                content=body,
                timeout=seconds,
            )
            url = SHOWN_BASE + request.url.raw_path.decode("ascii")
            return self._exchange(http, request, _Sent(call, url, body, seconds))
        finally:
            if own_connection:
                http.close()

    def _exchange(self, http: httpx.Client, request: httpx.Request, sent: "_Sent") -> Reply:
        try:
            response = http.send(request, stream=True)
            if response.status_code >= 500:
                self._keep = False
            try:
                content = _read(response, sent.asked, sent.seconds)
            finally:
                response.close()
        except httpx.TimeoutException:
            message = f"{sent.asked} was not answered within {sent.seconds:.0f} seconds."
            self._record(sent, None, message)
            raise HungUp(message) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            message = f"{sent.asked} got no proper HTTP answer: {_plain(error)}."
            self._record(sent, None, message)
            raise CheckFailed(message) from None
        except CheckFailed as failure:
            self._record(sent, response.status_code, str(failure))
            raise
        self._record(sent, response.status_code, _shown(content))
        return Reply(response.status_code, response.headers, content, sent.asked)

    def _record(self, sent: "_Sent", status: Optional[int], response: str) -> None:
        exchange = Exchange(
            method=sent.call.method,
            url=sent.url,
            request=sent.shown(),
            status=status,
            response=response,
            curl=sent.curl(),
        )
        self._recorder.exchanges.append(exchange)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _read(response: httpx.Response, asked: str, seconds: float) -> bytes:
    """The body, undecoded (nothing was asked to be compressed), within bounds."""
    deadline = time.monotonic() + seconds
    content = b""
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > MOST_BYTES:
            raise CheckFailed(f"The answer to {asked} is larger than 8 MiB.")
        if time.monotonic() > deadline:
            raise HungUp(f"The answer to {asked} had not ended after {seconds:.0f} seconds.")
    return content


def _plain(error: Exception) -> str:
    return neutralise(cut(" ".join(str(error).split()) or type(error).__name__, 200)).rstrip(".")


def _shown(content: bytes) -> str:
    return neutralise(cut(content[: 4 * SHOWN].decode("utf-8", "replace"), SHOWN))


@dataclass(frozen=True)
class _Sent:
    """A request as people are shown it."""

    call: Call
    url: str
    body: Content
    seconds: float

    @property
    def asked(self) -> str:
        path = self.url[len(SHOWN_BASE) :]
        return f"{self.call.method} {neutralise(cut(path, 120))}"

    def shown(self) -> str:
        """The headers that matter and the body."""
        lines = [
            f"{name.decode()}: {neutralise(value.decode('latin-1'))}"
            for name, value in self.call.all_headers()
            if name != b"content-type" or self.call.json is MISSING
        ]
        body = self._body_text()
        return "\n".join(lines + ([body] if body else []))

    def _body_text(self) -> str:
        if self.body is None:
            return ""
        if not isinstance(self.body, bytes):
            return "(a body sent in chunks)"
        return _shown(self.body)

    def curl(self) -> str:
        """A line that repeats the request against a service started by hand."""
        headers = {
            name.decode(): neutralise(value.decode("latin-1"))
            for name, value in self.call.all_headers()
        }
        body = None if self.body is None else "(a body sent in chunks)"
        if isinstance(self.body, bytes):
            short = len(self.body) <= SHOWN
            body = self.body.decode("utf-8", "replace") if short else f"({len(self.body)} bytes)"
        request = ShownRequest(self.call.method, self.url, headers, body)
        return neutralise(powershell(request) if os.name == "nt" else curl(request))
