"""The examiner's side of the driven clock.

Time goes from event to event: wait until the service has done all that it can (it has settled), go
to the next deadline that somebody waits for, and again. So fifteen sleeps of one second each take
as long as one of fifteen, and what happens never depends on how fast the machine is.
"""

import contextlib
import time
from typing import Any, Callable, Dict, Optional, Protocol, TypeVar

from grader.clock.outcome import Outcome
from grader.clock.settled import Slowness, watch

Result = TypeVar("Result")

SECOND = 1_000_000_000

# A verdict that rests on the absence of an answer gets this much real time on top. It is counted in
# looks, each after a pause: an examiner that the machine itself holds up does not take that for
# the service's silence.
GRACE = 0.5
PAUSE = 0.02
LOOKS = round(GRACE / PAUSE)

# How long a service may keep the processor busy before time moves all the same; a service that
# did so once is not waited for as long again.
PATIENCE = 20.0
IMPATIENCE = 0.5

# A service that wakes up this often in one advance has its deadlines taken together.
FINE_STEPS = 2000
COARSE = SECOND // 50

# What time may pass by itself while a service starts or ends, in virtual seconds.
IDLE_SECONDS = 60


class Channel(Protocol):
    """What the clock needs of the channel to the service."""

    def request(self, message: Dict[str, Any], seconds: float = ...) -> Dict[str, Any]:
        """Ask the service."""

    def send(self, message: Dict[str, Any]) -> None:
        """Tell the service something."""


def _grain(steps: int) -> int:
    return COARSE if steps > FINE_STEPS else 0


class Clock:
    """Moves the time of one service."""

    def __init__(self, channel: Channel, pid: int, slow: Slowness = lambda: 1.0) -> None:
        """Drive the clock of the process ``pid``; ``slow``: how many tasks share a processor."""
        self._channel = channel
        self._slow = slow
        self._watch = watch(pid, channel, slow)
        self._now = 0
        self._idle_until = IDLE_SECONDS * SECOND
        self._patience = PATIENCE
        self._busy_since: Optional[float] = None
        self._stale = False
        self._gone = False

    @property
    def now(self) -> float:
        """The virtual seconds since the service's process began."""
        self._catch_up()
        return self._now / SECOND

    def _catch_up(self) -> None:
        """Wait until the service has done the turns whose answers were not waited for."""
        if self._stale:
            self._stale = False
            self._step(0, arrive=False)  # moves nothing

    def settle(self, seconds: Optional[float] = None) -> bool:
        """Wait until the service can do nothing more without more time.

        Returns:
            False when it still ran after so many real seconds.
        """
        deadline = time.monotonic() + (self._patience if seconds is None else seconds)
        while not self._watch.at_rest():
            if time.monotonic() > deadline:
                if seconds is None:
                    self._patience = IMPATIENCE
                return False
            time.sleep(0.0002)
        return True

    def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.advance_to(self.now + seconds)

    def advance_to(self, moment: float) -> None:
        """Let virtual time pass until `now` is `moment`; a moment that is past changes nothing."""
        until = max(round(moment * SECOND), round(self.now * SECOND))
        steps = 0
        arrived = False
        while not arrived:
            self.settle()
            arrived = self._step(until, _grain(steps))
            steps += 1
        self._now = max(self._now, until)
        self._idle_until = self._now + IDLE_SECONDS * SECOND

    def call(self, ask: Callable[[], Result], port: Optional[int] = None) -> Outcome[Result]:
        """Ask the service something while its time stands still.

        Returns:
            The outcome: answered, or `blocked` when the service has come to rest without an
            answer, so that only more time can bring one. How fast the machine is has no part in it.
        """
        self._catch_up()  # or time would not stand still
        outcome = Outcome(ask, port, self._slow)
        silent = 0
        while not outcome.answered(PAUSE):
            silent = silent + 1 if not outcome.under_way() and self.settle(0.1) else 0
            if silent > LOOKS:
                outcome.blocked = not outcome.answered()
                break
        return outcome

    def finish(self, outcome: "Outcome[Any]", seconds: float) -> bool:
        """Let time pass until a blocked call is answered, so many virtual seconds at the most."""

        def answered() -> bool:
            while not outcome.answered(self._watch.answer_seconds):
                if not outcome.under_way():
                    return outcome.answered()
            return True

        return self.run_until(answered, seconds)

    def run_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Let time pass from event to event until something is so.

        Args:
            done: asked whenever the service has settled; what it tells must not be late by more
                than the grace.
            seconds: how much virtual time may pass.

        Returns:
            Whether it came to be so.
        """
        limit = round(self.now * SECOND) + round(seconds * SECOND)
        arrived = False
        steps = 0
        while True:
            self.settle()
            if done():
                return True
            if arrived:
                return self._comes_late(done)
            arrived = self._step(limit, _grain(steps))
            steps += 1

    def _comes_late(self, done: Callable[[], bool]) -> bool:
        # That a process has ended is heard from its parent, which a busy machine may keep waiting.
        deadline = time.monotonic() + (PATIENCE if self._gone else GRACE)
        while not done():
            if time.monotonic() > deadline and self.settle(GRACE):
                return done()
            time.sleep(0.005)
        return True

    def escaped(self) -> bool:
        """Whether something in the service waits for real time, out of this clock's reach."""
        return self.settle() and self._watch.undriven()

    def run_until_idle(self) -> None:
        """One turn of a loop that waits for the service to start or to end.

        If the service rests, time goes to the next deadline; without one it stands still. The
        answer is not waited for: the loop reads the channel, for news of the start.
        """
        if not self._watch.asks and not self.settle(0.02):
            return
        self._stale = True
        order = self._order(self._idle_until, 0, False)
        with contextlib.suppress(Exception):  # it has ended, as the loop will find
            self._channel.send({**order, "ask_first": self._watch.asks})

    def _order(self, until: int, grain: int, arrive: bool) -> Dict[str, Any]:
        waits = 0.0 if self._busy_since is None else time.monotonic() - self._busy_since
        return {
            "op": "clock.step",
            "until": until,
            "grain": grain,
            "arrive": arrive,
            "force": waits > self._patience,
            "ask_first": False,
            # None where rest is told from outside: the service has nothing to look for.
            "slow": self._slow() if self._watch.asks else None,
        }

    def _step(self, until: int, grain: int = 0, arrive: bool = True) -> bool:
        try:
            answer = self._channel.request(self._order(until, grain, arrive), 30.0)
            self._now = max(self._now, int(answer["now"]))
        except Exception:  # it has ended, or does not answer: its next answer, or its lack, tells
            self._gone = True
            return True
        if not answer.get("busy"):
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = time.monotonic()
        return bool(answer.get("arrived"))
