"""Processes that left their group and their parent, where no kernel keeps them together.

They are known by what they cannot easily lose: the environment with which they, or the process
that they were forked from, began. On Linux it stands in /proc; elsewhere ps(1) shows it, of one's
own processes.
"""

import contextlib
import os
import signal
import subprocess
from pathlib import Path
from typing import Iterator

ROUNDS = 50


def end_strays(mark: str) -> None:
    """Kill every process of this user whose environment holds ``mark``; they may be forking on.

    Args:
        mark: a text that is in no other process's environment, such as a random path.
    """
    if not mark or any(mark in value for value in os.environ.values()):
        return  # a mark that this process bears is others' as well
    for _ in range(ROUNDS):
        found = list(_from_proc(mark) if Path("/proc/self/environ").exists() else _from_ps(mark))
        if not found:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _from_proc(mark: str) -> Iterator[int]:
    """As ``_from_ps``; what has ended and waits for its parent has no environment."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                yield int(entry.name)


def _from_ps(mark: str) -> Iterator[int]:
    command = ["ps", "axeww", "-o", "pid=,command="]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        pid, _, rest = line.strip().partition(" ")
        if pid.isdigit() and f"={mark}" in rest:
            yield int(pid)
