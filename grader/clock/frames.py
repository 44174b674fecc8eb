"""What every thread of this process is doing: how rest is told where there is no /proc."""

import sys
import threading
from time import sleep  # the real one: taken before it is replaced
from typing import Dict, List

PAUSE = 0.006
SAMPLES = 4


class Frames:
    """Where the threads of this process stand, apart from the one that asks."""

    def __init__(self) -> None:
        # Taken now: the submission may replace them.
        self._current, self._me = sys._current_frames, threading.get_ident

    def sample(self) -> Dict[str, List[int]]:
        """The place of each thread."""
        return {
            str(thread): [id(frame), frame.f_lasti]
            for thread, frame in self._current().items()
            if thread != self._me()
        }

    def at_rest(self) -> bool:
        """Whether nobody has moved for a while."""
        first = self.sample()
        for _ in range(SAMPLES - 1):
            sleep(PAUSE)
            if self.sample() != first:
                return False
        return True
