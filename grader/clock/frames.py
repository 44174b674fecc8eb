"""What every thread of this process is doing: how rest is told where there is no /proc."""

import sys
import threading
from time import process_time, sleep  # the real ones: taken before they are replaced
from types import FrameType
from typing import Callable, Dict, Iterable, Mapping, Optional, Set, Tuple

PAUSE = 0.006
SAMPLES = 4
LONGEST = 3  # pauses may be so many times as long on a busy machine
LOOKING = 0.004  # what the looks themselves take of the processor, in seconds, and more
GLANCE, GLANCES = 0.001, 5  # how long who was rung has to be back, in looks and seconds each

# The place of each thread: its frame, and the instruction there. The frame itself and not its id,
# which goes to the next frame as soon as this one has ended.
Sample = Dict[int, Tuple[object, int]]


class Frames:
    """Where the threads of this process stand, apart from the one that asks."""

    def __init__(
        self, ignored: Iterable[int] = (), tries: Optional[Mapping[int, int]] = None
    ) -> None:
        """Look at all threads but those that are ignored.

        Args:
            ignored: the identities of threads.
            tries: of each thread that repeats an attempt, in vain so far, the number of its wait.
        """
        self._ignored = frozenset(ignored)
        self._tries = {} if tries is None else tries
        # Taken now: the submission may replace them.
        self._current, self._me = sys._current_frames, threading.get_ident

    def sample(self) -> Sample:
        """The place of each thread; one that repeats an attempt stays where it is."""
        return {
            thread: self._place(thread, frame)
            for thread, frame in self._current().items()
            if thread != self._me() and thread not in self._ignored
        }

    def _place(self, thread: int, frame: FrameType) -> Tuple[object, int]:
        number = self._tries.get(thread)
        return (frame, frame.f_lasti) if number is None else ("try", number)

    def at_rest(self, slow: float = 1.0) -> bool:
        """Whether nobody has moved for a while.

        A thread that turns in a short circle is seen at one place again and again, since it hands
        the interpreter's lock on there alone: the time of the processor gives it away.

        Args:
            slow: how many tasks share a processor. A thread that could run and has to wait for its
                turn does not move either, and waits the longer the more there are.
        """
        used = process_time()
        first = self.sample()
        for _ in range(SAMPLES - 1):
            sleep(PAUSE * min(slow, LONGEST))
            if self.sample() != first:
                return False
        return process_time() - used < LOOKING

    def stand(
        self, since: Sample, apart_from: Set[int], slow: float, back: Callable[[], bool]
    ) -> bool:
        """Whether no other threads have moved by the time that these are back where they wait."""
        for _ in range(GLANCES):
            sleep(GLANCE * min(slow, LONGEST))
            if back():
                now = self.sample()
                others = (now.keys() | since.keys()) - apart_from
                return all(now.get(each) == since.get(each) for each in others)
        return False
