"""What gradings left behind whose every process was killed: their servers and folders."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from grader.database.cache import try_lock

_YOUNG = 60.0


def remove_abandoned_runs(cache: Path) -> None:
    """Remove the folders of runs that nobody keeps any more, and the servers on them.

    Call it with the cache's lock held.
    """
    for run in cache.glob("run-*"):
        if _is_abandoned(run):
            _end_server(run)
            shutil.rmtree(run, ignore_errors=True)


def _is_abandoned(run: Path) -> bool:
    try:
        with (run / "lock").open("ab") as lock:
            return try_lock(lock)
    except OSError:
        # No lock in it: somebody is removing it at this moment, or died while doing so.
        with contextlib.suppress(OSError):
            return time.time() - run.stat().st_mtime > _YOUNG
        return False


def _end_server(run: Path) -> None:
    """Kill the server that runs on this folder; its other processes follow it by themselves."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((run / "data" / "postmaster.pid").read_text().splitlines()[0])
        if pid > 1 and str(run) in _command_line(pid):
            os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGQUIT)


def _command_line(pid: int) -> str:
    """How a process was started, so that no stranger with the same number is hit."""
    status = Path("/proc") / str(pid) / "cmdline"
    if status.exists():
        return status.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if sys.platform == "win32":
        return ""
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return os.fsdecode(shown.stdout)
