"""Processes as the kernel tells of them (proc(5)): whose they are, and how much they have worked.

Where there is no /proc, there are none, nobody has children and nothing is known.
"""

import contextlib
import os
from pathlib import Path
from typing import Iterator, Optional, Tuple

from grader.system import linux_helps


def children(pid: int) -> Iterator[int]:
    """The child processes of a process, those included that nobody has waited for yet."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  # faster, and it is read often
    except OSError:
        return
    for task in tasks:  # each lists those that it has started itself
        with contextlib.suppress(OSError):
            yield from map(int, Path(f"/proc/{pid}/task/{task}/children").read_bytes().split())


def owners() -> Iterator[Tuple[int, int]]:
    """Every process that there is, with its user."""
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with contextlib.suppress(OSError):  # it has ended meanwhile
                    yield int(entry.name), entry.stat().st_uid


def processor_seconds(pid: int) -> Optional[float]:
    """How long a process and all below it have had a processor, those that have ended included.

    What its children had counts when it has waited for them. None where it is not known.
    """
    if not linux_helps():
        return None
    ticks = 0
    left = [pid]
    while left:
        one = left.pop()
        left += children(one)
        try:
            fields = Path(f"/proc/{one}/stat").read_bytes().rpartition(b") ")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        # In user and in kernel mode, and the same of its ended children: fields 14 to 17.
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
