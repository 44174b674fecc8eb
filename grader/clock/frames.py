"""What every thread of this process is doing: how rest is told where there is no /proc."""

import sys
import threading
from time import process_time, sleep  # the real ones: taken before they are replaced
from typing import Dict, Iterable, List

PAUSE = 0.006
SAMPLES = 4
LONGEST = 3  # pauses may be so many times as long on a busy machine
LOOKING = 0.004  # what the looks themselves take of the processor, in seconds, and more


class Frames:
    """Where the threads of this process stand, apart from the one that asks."""

    def __init__(self, ignored: Iterable[int] = ()) -> None:
        """Look at all threads but those with these identities."""
        self._ignored = frozenset(ignored)
        # Taken now: the submission may replace them.
        self._current, self._me = sys._current_frames, threading.get_ident

    def sample(self) -> Dict[str, List[int]]:
        """The place of each thread."""
        return {
            str(thread): [id(frame), frame.f_lasti]
            for thread, frame in self._current().items()
            if thread != self._me() and thread not in self._ignored
        }

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
