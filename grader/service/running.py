"""One running service, seen from the examiner's side."""

import contextlib
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional

from grader.scorecard import Problem
from grader.service.channel import Channel, ChannelClosed, ChannelTimeout
from grader.service.console import Console

STOP_SECONDS = 10.0
ENTER_SECONDS = 120.0


@dataclass(frozen=True)
class Exit:
    """How a service ended. ``status`` is the exit code, or minus the signal's number."""

    seconds: float
    graceful: bool
    status: Optional[int]


@dataclass(frozen=True)
class Controls:
    """How the launcher acts on a service's process."""

    send_signal: Callable[[int], None]
    end: Callable[[], None]


class RunningService:
    """A submission's process: its port, console, channel and end."""

    def __init__(self, pid: int, channel: Channel, console: Console, controls: Controls) -> None:
        self.pid = pid
        self.port = 0
        self.channel = channel
        self.console = console
        self.enforced: List[str] = []
        self.exited = threading.Event()
        self.status: Optional[int] = None
        self._controls = controls
        self._walls_told: Any = None
        self._ended = False

    def note_exit(self, status: Optional[int]) -> None:
        """The launcher's word that the process has ended."""
        self.status = status
        self.exited.set()

    def wait_until_entered(self, seconds: float = ENTER_SECONDS) -> None:
        """Wait until the submission begins to be loaded: what comes before is not its doing.

        A Python that starts cold, on a busy machine or under a virus scanner, takes long.
        """
        with contextlib.suppress(ChannelTimeout, ChannelClosed):  # `wait_until_ready` tells
            self._note_walls(self.channel.receive(seconds))

    def _note_walls(self, message: Dict[str, Any]) -> None:
        # The first word comes before the submission is loaded; later ones may be its own.
        if message.get("event") == "sandboxed" and self._walls_told is None:
            self._walls_told = message.get("enforced")
            self.enforced = _names(self._walls_told)

    def wait_until_ready(self, seconds: float, idle: Callable[[], None]) -> Optional[Problem]:
        """Wait until the service serves.

        Args:
            seconds: how long a start may take.
            idle: called again and again meanwhile (a driven clock moves time in it).

        Returns:
            None when it serves, or why it does not.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                message = self.channel.receive(0.05)
            except ChannelTimeout:
                if self.exited.is_set():  # and what it has started holds the channel open
                    return self._ended_early()
                if time.monotonic() > deadline:
                    return self._hangs(seconds)
                idle()
                continue
            except ChannelClosed:
                return self._ended_early()
            self._note_walls(message)
            if message.get("event") == "ready":
                port = message.get("port")
                self.port = self.port or (port if isinstance(port, int) else 0)
                return None
            if message.get("event") == "problem":
                self.exited.wait(2)
                return problem_from(message)

    def _hangs(self, seconds: float) -> Problem:
        message = f"The service is not ready after {seconds:.0f} seconds: something waits for ever."
        return Problem("start_timeout", message, self.console.text(3000))

    def _ended_early(self) -> Problem:
        self.exited.wait(5)
        self.console.join(1)
        how = describe_status(self.status)
        message = f"The service ended before it was ready ({how})."
        return Problem("exited", message, self.console.text(3000))

    def alive(self) -> bool:
        """Whether the process runs."""
        return not self.exited.is_set()

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        self._controls.send_signal(number)

    def terminate(
        self, seconds: float = STOP_SECONDS, idle: Optional[Callable[[], None]] = None
    ) -> Exit:
        """Ask it to stop (SIGTERM, as a process manager does), then end whatever is left."""
        import signal

        began = time.monotonic()
        self.send_signal(signal.SIGTERM)
        while not self.exited.wait(0.02 if idle else seconds):
            if idle is None or time.monotonic() - began > seconds:
                break
            idle()
        graceful = self.exited.is_set()
        took = time.monotonic() - began
        self.end()
        return Exit(took, graceful, self.status)

    def end(self) -> None:
        """Kill it with everything that it started; idempotent."""
        if self._ended:
            return
        self._ended = True
        self._controls.end()
        self.channel.close()
        self.console.join(1)


def _names(value: Any) -> List[str]:
    from grader.service.console import neutralise

    found = value if isinstance(value, list) else []
    return [neutralise(name[:40]) for name in found[:20] if isinstance(name, str)]


def problem_from(message: Dict[str, Any]) -> Problem:
    """What the submission's side says about its start, taken as text of bounded length."""
    from grader.service.console import cut, neutralise

    def text(key: str, most: int) -> str:
        return neutralise(cut(str(message.get(key) or ""), most))

    line = message.get("line")
    return Problem(
        kind=text("kind", 40),
        message=text("message", 600),
        detail=text("detail", 6000),
        file=text("file", 200) or None,
        line=line if type(line) is int and 0 < line < 10**7 else None,
    )


def describe_status(status: Optional[int]) -> str:
    """An exit status in words."""
    import signal

    if status is None:
        return "its exit status is not known"
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-status).name}"
    return f"killed by signal {-status}"
