"""Can any of these processes run at this moment? Seen from outside, in the kernel's own words.

A task that waits for the processor is not asleep (proc(5)), so a busy machine makes nobody look as
if it had come to rest.
"""

import os
import threading
from pathlib import Path
from typing import Iterable, Iterator, Optional

from grader.clock.settled import AT_REST
from grader.system import linux_helps


def known() -> bool:
    """Whether this platform tells."""
    return linux_helps() and Path("/proc/self/task").is_dir()


def at_rest(pids: Iterable[int]) -> bool:
    """Whether every task of these processes sleeps; one that has ended sleeps as well."""
    return all(state in AT_REST for pid in pids for state in _states(pid))


def examiner_at_rest() -> bool:
    """The same for this process, but for the thread that asks."""
    return all(state in AT_REST for state in _states(os.getpid(), threading.get_native_id()))


def _states(pid: int, but: Optional[int] = None) -> Iterator[bytes]:
    folder = f"/proc/{pid}/task"
    try:
        tasks = os.listdir(folder)  # noqa: PTH208  # faster, and it is read often
    except OSError:
        return
    for task in tasks:
        if task == str(but):
            continue
        try:
            with open(f"{folder}/{task}/stat", "rb") as file:  # noqa: PTH123  # as above
                # The name before it, in parentheses, may hold anything.
                yield file.read().rpartition(b") ")[2][:1]
        except OSError:
            continue
