"""What replaces the standard library's sleeps and time-outs under the driven clock.

Waits without a time-out stay as they are. A wait with one becomes a wait without, that a deadline
of the timeline ends. Three waits are written in C and cannot be ended from outside (a lock's
`acquire`, `SimpleQueue.get`, and from 3.13 on `Thread.join`): these try for a moment of real time,
again and again, until they succeed or virtual time is up.
"""

import itertools
import os
import queue
import select
import sys
import threading
import time
from typing import Any, Callable, Dict, Optional, Tuple

from grader.clock import replace
from grader.clock.bells import Bell
from grader.clock.timeline import Timeline

MOMENT = 0.02  # real seconds of one try of a wait that is written in C

# Somebody who reads the clock this often without ever waiting is waiting by turning in circles:
# time has to move by POLL virtual seconds before the next turn.
READS = 20_000
POLL = 0.02
FREE = 50  # the turns after one that waited: what it waited for is dealt with in these


class _Mine(threading.local):
    """Of each thread: how long it has not waited."""

    reads = 0
    turns = 0

    def rested(self) -> None:
        self.reads = self.turns = 0


class Waits:
    """The waits of one process, on one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.mine = _Mine()
        self.tries: Dict[int, int] = {}  # of each thread that is in `until`: which wait this is
        self._numbers = itertools.count()

    def wait(self, seconds: float) -> None:
        """Wait until this much virtual time has passed."""
        bell = Bell()
        with self.timeline.within(seconds, bell.release):
            bell.wait()

    def reading(self) -> None:
        """Somebody reads the clock: let time pass if this thread does nothing else."""
        mine = self.mine
        mine.reads += 1
        if mine.reads > READS:
            mine.reads = READS - FREE
            self.wait(POLL)

    def until(self, attempt: Callable[[float], Any], seconds: float) -> Any:
        """Repeat an attempt, a moment of real time each, until it succeeds or time is up."""
        self.mine.rested()
        thread = threading.get_ident()
        with self.timeline.within(seconds, _nothing) as deadline:
            self.tries[thread] = next(self._numbers)
            try:
                while True:
                    result = attempt(MOMENT)
                    if result or deadline.rung:
                        return result
            finally:
                del self.tries[thread]

    # The replacements

    def sleep(self) -> Callable[[float], None]:
        """`time.sleep`."""
        real, poll = time.sleep, select.select

        def sleep(seconds: float) -> None:
            if seconds == 0 and os.name != "nt":
                self.reading()
                poll((), (), (), 0)  # lets other threads run; a real sleep(0) would be a short one
                return None
            if not isinstance(seconds, (int, float)) or not seconds > 0:
                self.reading()
                return real(seconds)  # a mistake, which it explains
            self.mine.rested()
            return self.wait(seconds)

        return sleep

    def condition_wait(self) -> Callable[..., bool]:
        """`Condition.wait`, and so events, semaphores, barriers, queues, timers and futures."""
        real = threading.Condition.wait

        def wait(condition: Any, timeout: Optional[float] = None) -> bool:
            if timeout is None or timeout <= 0:
                return real(condition, timeout)
            self.mine.rested()
            if not condition._is_owned():
                raise RuntimeError("cannot wait on un-acquired lock")
            bell = Bell()
            condition._waiters.append(bell)
            state = condition._release_save()
            try:
                with self.timeline.within(timeout, bell.release):
                    bell.wait()
            finally:
                condition._acquire_restore(state)
                notified = bell not in condition._waiters  # notify() takes it out
                if not notified:
                    condition._waiters.remove(bell)
            return notified

        return wait

    def acquire(self, kind: type) -> Callable[..., bool]:
        """`acquire` of a lock type that is written in C."""
        real = kind.acquire  # type: ignore[attr-defined]

        def acquire(lock: Any, blocking: bool = True, timeout: float = -1) -> bool:
            if not blocking or timeout <= 0 or timeout > threading.TIMEOUT_MAX:
                return bool(real(lock, blocking, timeout))
            return bool(self.until(lambda moment: real(lock, True, moment), timeout))

        return acquire

    def join(self) -> Callable[..., None]:
        """`Thread.join` where it is written in C (from 3.13 on)."""
        real = threading.Thread.join

        def join(thread: threading.Thread, timeout: Optional[float] = None) -> None:
            if timeout is None or timeout <= 0:
                return real(thread, timeout)

            def attempt(moment: float) -> bool:
                real(thread, moment)
                return not thread.is_alive()

            self.until(attempt, timeout)
            return None

        return join

    def simple_queue_get(self, kind: type, empty: type) -> Callable[..., Any]:
        """`get` of `queue.SimpleQueue`."""
        real = kind.get  # type: ignore[attr-defined]

        def get(channel: Any, block: bool = True, timeout: Optional[float] = None) -> Any:
            if not block or timeout is None or timeout <= 0:
                return real(channel, block, timeout)

            def attempt(moment: float) -> Tuple[Any, ...]:
                try:
                    return (real(channel, True, moment),)
                except BaseException as error:
                    if isinstance(error, empty):
                        return ()
                    raise

            taken = self.until(attempt, timeout)
            return taken[0] if taken else real(channel, False)

        return get


def _nothing() -> None:
    """What a deadline rings that is looked at, not heard."""


def install(timeline: Timeline) -> Tuple[Waits, replace.Replacements]:
    """Replace the methods that wait; give the function that is still to be replaced."""
    waits = Waits(timeline)
    functions: replace.Replacements = {time.sleep: waits.sleep()}
    condition_wait = waits.condition_wait()
    if sys.version_info >= (3, 13):
        threading.Thread.join = waits.join()  # type: ignore[method-assign]
    threading.Condition.wait = condition_wait  # type: ignore[method-assign]
    for kind in {type(threading.Lock()), type(threading.RLock())}:
        replace.in_type(kind, "acquire", waits.acquire(kind))
    _replace_simple_queue(waits)
    return waits, functions


def _replace_simple_queue(waits: Waits) -> None:
    kind = queue.SimpleQueue
    if kind.__module__ == "_queue":  # the one in Python waits on a semaphore, which is covered
        replace.in_type(kind, "get", waits.simple_queue_get(kind, queue.Empty))
