"""Keeps what was sent and what came back, as the scorecard shows it."""

import os
from collections import deque
from dataclasses import dataclass, field
from typing import Deque, Dict, Optional, Tuple

from grader.acceptance.messages import MISSING, Call, Content
from grader.acceptance.shell import ShownRequest, curl, powershell
from grader.scorecard import Exchange
from grader.service.console import cut, neutralise

SHOWN = 1200
KEPT_EXCHANGES = 6

# The port that people use by hand; the examiner's own is of no use after the run.
SHOWN_BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Sent:
    """A request as people are shown it."""

    call: Call
    target: str
    body: Content

    @property
    def url(self) -> str:
        """Where it is sent when the service is started by hand."""
        return SHOWN_BASE + self.target

    @property
    def asked(self) -> str:
        """Its method and path, for a sentence."""
        return f"{self.call.method} {neutralise(cut(self.target, 120))}"

    def shown(self) -> str:
        """The headers that matter and the body."""
        lines = [
            f"{name}: {value}"
            for name, value in self._headers().items()
            if name != "content-type" or self.call.json is MISSING
        ]
        body = self._body_text()
        return "\n".join(lines + ([body] if body else []))

    def _headers(self) -> Dict[str, str]:
        return {
            name.decode(): neutralise(value.decode("latin-1"))
            for name, value in self.call.all_headers()
        }

    def _body_text(self) -> str:
        if self.body is None:
            return ""
        if not isinstance(self.body, bytes):
            return "(a body sent in chunks)"
        return shown(self.body)

    def command(self) -> str:
        """A line that repeats the request against a service started by hand."""
        body = None if self.body is None else "(a body sent in chunks)"
        if isinstance(self.body, bytes):
            short = len(self.body) <= SHOWN
            body = self.body.decode("utf-8", "replace") if short else f"({len(self.body)} bytes)"
        request = ShownRequest(self.call.method, self.url, self._headers(), body)
        return neutralise(powershell(request) if os.name == "nt" else curl(request))


@dataclass(frozen=True)
class _Recorded:
    """An exchange, made readable only where somebody reads it: few of thousands are."""

    sent: Sent
    status: Optional[int]
    content: bytes
    instead: str

    def exchange(self) -> Exchange:
        return Exchange(
            method=self.sent.call.method,
            url=self.sent.url,
            request=self.sent.shown(),
            status=self.status,
            response=self.instead or shown(self.content),
            curl=self.sent.command(),
        )


@dataclass
class Recorder:
    """The exchanges of the running check."""

    _recorded: Deque[_Recorded] = field(default_factory=lambda: deque(maxlen=KEPT_EXCHANGES))

    def note(self, sent: Sent, status: Optional[int], content: bytes, instead: str = "") -> object:
        """Keep an exchange; ``instead`` stands where no body came.

        Returns:
            What is kept, for ``put_last``.
        """
        recorded = _Recorded(sent, status, content[: 4 * SHOWN], instead)
        self._recorded.append(recorded)
        return recorded

    def put_last(self, kept: object) -> None:
        """Make an exchange the newest: of many that came together it is the telling one."""
        if isinstance(kept, _Recorded):
            others = [one for one in list(self._recorded) if one is not kept]
            self._recorded = deque([*others, kept], maxlen=KEPT_EXCHANGES)

    @property
    def exchanges(self) -> Tuple[Exchange, ...]:
        """The last few, the newest last."""
        return tuple(one.exchange() for one in list(self._recorded))

    @property
    def last_status(self) -> Optional[int]:
        """The status of the newest, if there is one."""
        return self._recorded[-1].status if self._recorded else None

    def clear(self) -> None:
        """Forget them: a new check begins."""
        self._recorded.clear()


def shown(content: bytes) -> str:
    """The beginning of a body, as a text that harms no terminal."""
    return neutralise(cut(content[: 4 * SHOWN].decode("utf-8", "replace"), SHOWN))
