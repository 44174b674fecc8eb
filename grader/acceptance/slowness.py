"""By how much a busy machine takes longer: what the limits on waiting are multiplied with.

A limit exists only to end what hangs. On a machine that others keep busy an honest service may need
many times as long as usual, and must not be taken for one that hangs.
"""

import os
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Deque, List, Tuple

MOST = 8.0

# Where the system tells no load: how often it is measured, for how long, and how long that counts,
# in seconds.
PROBE_EVERY = 10.0
PROBE_SECONDS = 0.1
COUNTS_FOR = 60.0


def slowness() -> float:
    """How many tasks share one processor of this machine now: 1 at least, MOST at most.

    From the load average of the last minute; where there is none (Windows), from the work that this
    process gets done.
    """
    try:
        tasks = os.getloadavg()[0] / _processors()
    except (AttributeError, OSError):
        tasks = _PROBES.most()
    return min(MOST, max(1.0, tasks))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class Probes:
    """How many share a processor, measured now and then."""

    _taken: Deque[Tuple[float, float]] = field(default_factory=deque)

    def most(self) -> float:
        """The most that was measured in the last minute."""
        now = time.monotonic()
        if not self._taken or now - self._taken[-1][0] >= PROBE_EVERY:
            self._taken.append((now, probe()))
        while now - self._taken[0][0] > COUNTS_FOR:
            self._taken.popleft()
        return max(share for _, share in self._taken)


def probe() -> float:
    """How many times longer equal pieces of work take, on average, than the fastest of them.

    The fastest had a processor to itself; in between, others had it.
    """
    pieces: List[float] = []
    until = time.perf_counter() + PROBE_SECONDS
    while not pieces or time.perf_counter() < until:
        began = time.perf_counter()
        sum(range(3000))
        pieces.append(time.perf_counter() - began)
    return sum(pieces) / len(pieces) / max(min(pieces), 1e-9)


_PROBES = Probes()
