"""By how much a busy machine takes longer: what the limits on waiting are multiplied with.

A limit exists only to end what hangs. On a machine that others keep busy an honest service may need
many times as long as usual, and must not be taken for one that hangs.
"""

import os

MOST = 8.0


def slowness() -> float:
    """How many tasks share one processor of this machine now: 1 at least, MOST at most.

    From the load average of the last minute; 1 where there is none (Windows).
    """
    try:
        load = os.getloadavg()[0]
    except (AttributeError, OSError):
        return 1.0
    return min(MOST, max(1.0, load / _processors()))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
