"""The HTTP client: sends a request and records the exchange.

Whatever a service does on the wire ends here as a ``Reply`` or as ``CheckFailed``: an answer that
never ends, is enormous or malformed is the service's failure, and never the examiner's hang.

It stands on httpcore, the transport of httpx. What httpx adds (redirects, cookies, authentication,
decoding) is what an examiner must not do, and takes as long again as the request itself.
"""

import time
from typing import Callable, Dict, Iterable, List, Tuple

import httpcore

from grader.acceptance.messages import Call, Reply
from grader.acceptance.recorder import Recorder, Sent
from grader.acceptance.slowness import slowness
from grader.errors import CheckFailed
from grader.service.console import cut, neutralise

REQUEST_SECONDS = 15.0  # on a machine that has nothing else to do; see request_seconds
MOST_BYTES = 8 * 1024 * 1024

HEADERS = [(b"accept", b"*/*"), (b"user-agent", b"curl/8.5.0")]
# Without a body these say that there is none (RFC 9110, section 8.6); the others say nothing.
SAY_LENGTH = ("POST", "PUT", "PATCH")

NO_ANSWER = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    OSError,
)


def request_seconds() -> float:
    """How long a service may be silent at this moment."""
    return REQUEST_SECONDS * slowness()


class HungUp(CheckFailed):
    """The service did not answer in time: it may hang."""


class Client:
    """Sends requests to one service and records them."""

    def __init__(
        self, port: int, recorder: Recorder, seconds: Callable[[], float] = request_seconds
    ) -> None:
        self._port = port
        self._recorder = recorder
        self._seconds = seconds  # how long the service may be silent
        self._pool = _new_pool()
        # uvicorn closes the connection after an unhandled exception without saying so: from the
        # first 5xx on a kept connection may be dead, so every request has one of its own.
        self._keep = True

    def send(self, call: Call, *, own_connection: bool = False) -> Reply:
        """Send ``call`` and return the answer.

        Raises:
            HungUp: no complete answer in time.
            CheckFailed: no answer that is HTTP, or one that is too large.
        """
        own_connection = own_connection or not self._keep
        pool = _new_pool() if own_connection else self._pool
        try:
            return self._exchange(pool, Sent(call, call.target(), call.body()))
        finally:
            if own_connection:
                pool.close()

    def _exchange(self, pool: httpcore.ConnectionPool, sent: Sent) -> Reply:
        seconds = self._seconds()
        status = None
        try:
            response = pool.handle_request(self._request(sent, seconds))
            status = response.status
            if status >= 500:
                self._keep = False
            try:
                content = _read(response, sent.asked, seconds)
            finally:
                response.close()
        except httpcore.TimeoutException:
            message = f"{sent.asked} was not answered within {seconds:.0f} seconds."
            raise HungUp(message, self._recorder.note(sent, None, b"", message)) from None
        except NO_ANSWER as error:
            message = f"{sent.asked} got no proper HTTP answer: {_plain(error)}."
            raise CheckFailed(message, self._recorder.note(sent, None, b"", message)) from None
        except CheckFailed as failure:
            failure.exchange = self._recorder.note(sent, status, b"", str(failure))
            raise
        recorded = self._recorder.note(sent, status, content)
        return Reply(status, _by_name(response.headers), content, sent.asked, recorded)

    def _request(self, sent: Sent, seconds: float) -> httpcore.Request:
        port = self._port
        body = b"" if sent.body is None and sent.call.method in SAY_LENGTH else sent.body
        headers = [(b"host", b"127.0.0.1:%d" % port), *HEADERS, *sent.call.all_headers()]
        if isinstance(body, bytes):
            headers.append((b"content-length", b"%d" % len(body)))
        elif body is not None:
            headers.append((b"transfer-encoding", b"chunked"))
        return httpcore.Request(
            sent.call.method,
            httpcore.URL(
                scheme=b"http", host=b"127.0.0.1", port=port, target=sent.target.encode("ascii")
            ),
            headers=headers,
            content=body,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)},
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def _new_pool() -> httpcore.ConnectionPool:
    # keepalive_expiry lies below uvicorn's 5 seconds: a connection that the service is about to
    # close is never used again.
    return httpcore.ConnectionPool(max_connections=None, keepalive_expiry=2.0)


def _by_name(headers: Iterable[Tuple[bytes, bytes]]) -> Dict[str, str]:
    """Headers by their names in lower case; what is sent several times is one list (RFC 9110)."""
    values: Dict[str, List[str]] = {}
    for name, value in headers:
        values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return {name: ", ".join(found) for name, found in values.items()}


def _read(response: httpcore.Response, asked: str, seconds: float) -> bytes:
    """The body, undecoded (nothing was asked to be compressed), within bounds."""
    deadline = time.monotonic() + seconds
    content = b""
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise CheckFailed(f"The answer to {asked} is larger than 8 MiB.")
        if time.monotonic() > deadline:
            raise HungUp(f"The answer to {asked} had not ended after {seconds:.0f} seconds.")
    return content


def _plain(error: Exception) -> str:
    return neutralise(cut(" ".join(str(error).split()) or type(error).__name__, 200)).rstrip(".")
