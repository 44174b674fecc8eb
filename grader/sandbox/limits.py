"""Resource limits (setrlimit(2)): generous for honest work, an end for what runs away."""

import contextlib
import os
import resource
from pathlib import Path
from typing import List

from grader.processes import owners

MEMORY_BYTES = 4 * 1024**3
CPU_SECONDS = 90
FILE_BYTES = 64 * 1024**2
OPEN_FILES = 1024
TASKS = 500


def apply(own_user: bool) -> List[str]:
    """Limit this process and what it starts; ``own_user``: the user has no other processes."""
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": CPU_SECONDS,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_AS": MEMORY_BYTES,
        # The kernel counts all tasks of the user, whoever started them.
        "RLIMIT_NPROC": TASKS if own_user else TASKS + tasks_of(os.getuid()),
    }
    for name, value in wanted.items():
        number = getattr(resource, name, None)
        if number is not None:
            _limit(number, value)
    _first_to_go()
    return ["rlimits"]


def _first_to_go() -> None:
    """Where memory runs out all the same, the kernel ends the submission and nobody else."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _limit(number: int, value: int) -> None:
    hard = resource.getrlimit(number)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # Some systems refuse a limit that they know (macOS, RLIMIT_AS); the others still hold.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(number, (value, value))


def tasks_of(uid: int) -> int:
    """How many processes and threads a user has, as far as /proc tells."""
    count = 0
    for pid, owner in owners():
        if owner == uid:
            with contextlib.suppress(OSError):
                count += sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
    return count
