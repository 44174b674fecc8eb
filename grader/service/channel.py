"""One socket between the examiner and a service: JSON, a line a message.

The service says once how its start ended; after that the examiner asks and the service answers.
Nothing that comes through here is a verdict by itself: it comes from the submission's process.
"""

import json
import select
import socket
import threading
import time
from typing import Any, Callable, Dict, List, Optional

Message = Dict[str, Any]
Handler = Callable[[Message], Message]

LONGEST_LINE = 4 * 1024 * 1024
LONGEST_NUMBER = 30
MOST_EVENTS = 100


class ChannelClosed(Exception):
    """The other side has gone, or sends what is no message."""


class ChannelTimeout(Exception):
    """The other side did not answer in time."""


def _bounded(digits: str) -> int:
    """A whole number; none that breaks who calculates with it."""
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number of too many digits")
    return int(digits)


class Channel:
    """One end of the socket; several threads may ask, one at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = b""
        self._events: List[Message] = []
        self._asking = threading.Lock()
        self._sending = threading.Lock()
        self._last_id = 0
        # Taken now, since in the service these are replaced by the driven clock's.
        self._now = time.monotonic
        self._select = select.select

    def send(self, message: Message) -> None:
        """Send one message.

        Raises:
            ChannelClosed: the other side has gone.
        """
        line = json.dumps(message).encode() + b"\n"
        try:
            with self._sending:
                self._sock.sendall(line)
        except OSError as error:
            raise ChannelClosed(str(error)) from error

    def receive(self, seconds: Optional[float] = None) -> Message:
        """Wait for one message, for ``seconds`` at most (None: for ever).

        Raises:
            ChannelClosed: the other side has gone, or sent something that is no message.
            ChannelTimeout: nothing came in time.
        """
        if self._events:
            return self._events.pop(0)
        return self._next(None if seconds is None else self._now() + seconds)

    def _next(self, deadline: Optional[float]) -> Message:
        while b"\n" not in self._buffer:
            if len(self._buffer) > LONGEST_LINE:
                raise ChannelClosed("a message without an end")
            self._buffer += self._more(deadline)
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            message = json.loads(line.decode(), parse_int=_bounded)
        except (ValueError, RecursionError) as error:
            raise ChannelClosed("not a message") from error
        if not isinstance(message, dict):
            raise ChannelClosed("not a message")
        return message

    def _more(self, deadline: Optional[float]) -> bytes:
        try:
            if deadline is not None:
                left = max(0.0, deadline - self._now())
                if not self._select([self._sock], [], [], left)[0]:
                    raise ChannelTimeout
            data = self._sock.recv(65536)
        except (OSError, ValueError) as error:  # ValueError: the socket is closed on our side
            raise ChannelClosed(str(error)) from error
        if not data:
            raise ChannelClosed("the other side has gone")
        return data

    def request(self, message: Message, seconds: float = 30.0) -> Message:
        """Ask and wait for the answer to this question; late answers to earlier ones are dropped.

        Raises:
            ChannelClosed: the other side has gone.
            ChannelTimeout: it did not answer within ``seconds``.
        """
        with self._asking:
            self._last_id += 1
            asked = self._last_id
            self.send({**message, "id": asked})
            deadline = self._now() + seconds
            while True:
                answer = self._next(deadline)
                if answer.get("id") == asked:
                    return answer
                if "event" in answer and len(self._events) < MOST_EVENTS:
                    self._events.append(answer)  # for who waits for events

    def close(self) -> None:
        """Close this end."""
        self._sock.close()


def answer_requests(channel: Channel, handlers: Dict[str, Handler]) -> None:
    """Answer the examiner's questions until it goes: the body of the service's reader thread."""
    while True:
        try:
            message = channel.receive()
            channel.send({**_answered(message, handlers), "id": message.get("id")})
        except ChannelClosed:
            return


def _answered(message: Message, handlers: Dict[str, Handler]) -> Message:
    handler = handlers.get(str(message.get("op")))
    if handler is None:
        return {"error": "unknown op"}
    try:
        return handler(message)
    except Exception as error:  # the examiner is told, and the next question is answered
        return {"error": type(error).__name__}
