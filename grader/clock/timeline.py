"""Virtual time inside the service: it stands still until it is told to move.

A `Timeline` holds the seconds that have passed and the deadlines that somebody waits for. Time
moves in `step`, from deadline to deadline, and `step` is called from outside alone. Whoever waits
asks for a `Deadline` with `within`, which rings a bell of the waiter's own when its time has come.
"""

import heapq
import itertools
import math
import threading
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Set, Tuple

SECOND = 1_000_000_000

# Nobody wakes up at the very moment: a little later, as ever, so that a time-out of which nothing
# is left is over, whether its owner compares with "<" or with "<=".
LATE = 1_000


class Deadline:
    """One moment that somebody waits for."""

    __slots__ = ("over", "rings", "rung", "thread")

    def __init__(self, rings: Callable[[], None]) -> None:
        self.rings = rings
        self.thread = threading.get_ident()
        self.rung = False
        self.over = False


class Timeline:
    """The time that has passed, in nanoseconds, and what is waited for."""

    def __init__(self) -> None:
        self.elapsed = (
            0  # read without the lock: one attribute, and reads come from signal handlers too
        )
        self._guard = threading.RLock()
        self._order = itertools.count()
        self._heap: List[Tuple[int, int, Deadline]] = []
        self._unheard = 0
        self.rung: Set[int] = set()  # those whose deadlines the last step rang

    @contextmanager
    def within(self, seconds: float, rings: Callable[[], None]) -> Iterator[Deadline]:
        """Have `rings` called when `seconds` have passed, unless the block ends before."""
        deadline = Deadline(rings)
        nanoseconds = max(1, math.ceil(min(seconds, 1e9) * SECOND))
        try:
            with self._guard:
                when = self.elapsed + nanoseconds
                heapq.heappush(self._heap, (when, next(self._order), deadline))
            yield deadline
        finally:
            with self._guard:
                deadline.over = True
                if deadline.rung:
                    self._unheard = max(0, self._unheard - 1)

    def step(self, until: int, grain: int = 0, arrive: bool = True) -> Dict[str, Any]:
        """Go to the next deadline, but not past `until`, and ring all that are due there.

        Nothing moves while somebody who was rung has not yet woken. With a `grain`, deadlines
        that lie closer together than that are rung as one. Where nothing is due before `until`,
        time goes there, or with `arrive` false stays where it is.
        """
        with self._guard:
            if self._unheard > 0:
                return {"now": self.elapsed, "busy": True}
            while self._heap and self._heap[0][2].over:
                heapq.heappop(self._heap)
            if not self._heap or self._heap[0][0] > until:
                if arrive:
                    self.elapsed = max(self.elapsed, until)
                return {"now": self.elapsed, "arrived": True}
            self.elapsed = max(self.elapsed, self._heap[0][0] + max(grain, LATE))
            due = self._take_due()
            self.rung = {deadline.thread for deadline in due}
            self._unheard += len(due)
        for deadline in due:
            deadline.rings()
        return {"now": self.elapsed, "rung": len(due)}

    def wait_again(self) -> bool:
        """Whether all that the last step rang have woken, and wait for another deadline."""
        with self._guard:
            waiting = {deadline.thread for _, _, deadline in self._heap if not deadline.over}
            return self._unheard == 0 and self.rung <= waiting

    def stop_listening(self) -> None:
        """Move on though somebody who was rung has not woken: he never will."""
        with self._guard:
            self._unheard = 0

    def _take_due(self) -> List[Deadline]:
        due = []
        while self._heap and self._heap[0][0] <= self.elapsed:
            deadline = heapq.heappop(self._heap)[2]
            if not deadline.over:
                deadline.rung = True
                due.append(deadline)
        return due
