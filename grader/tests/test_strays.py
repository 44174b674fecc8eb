"""Processes that left their family are found by the environment they began with."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest

from grader.service import strays
from grader.service.family import start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has job objects")

# Forks twice into a session of its own, says who it is, and stays.
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(600)
"""
# The same by running another program.
OTHER_PROGRAM = """
import subprocess, sys, time
program = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    """Whether a process runs, and is not only waiting for its parent."""
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(asked, stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    return state != "" and not state.startswith("Z")


@pytest.mark.parametrize("program", [DAEMON, OTHER_PROGRAM], ids=["daemon", "other program"])
@pytest.mark.parametrize("look", [strays._from_proc, strays._from_ps], ids=["proc", "ps"])
def test_what_left_the_family_ends_with_it(
    program: str,
    look: Callable[[str], Iterator[int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if look is strays._from_proc and not Path("/proc/self/environ").exists():
        pytest.skip("this system has no /proc")
    monkeypatch.setattr(strays, "_from_proc", look)
    monkeypatch.setattr(strays, "_from_ps", look)
    reading, writing = os.pipe()
    family = start([sys.executable, "-c", program], writing, {**os.environ, "HOME": str(tmp_path)})
    os.close(writing)
    with os.fdopen(reading) as output:
        stray = int(output.readline())
        assert alive(stray)
        family.end()
        deadline = time.monotonic() + 20
        while alive(stray) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not alive(stray)


def test_other_processes_live_on(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        strays.end_strays(str(tmp_path / "nobody"))
        assert other.poll() is None
        other.kill()


def test_a_mark_that_the_grader_bears_itself_ends_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A family that was started with the person's own home must not take the person's shell."""
    ended = []
    monkeypatch.setattr("os.kill", lambda pid, number: ended.append(pid))
    monkeypatch.setenv("HOME", "/home/of-a-person")
    for mark in ("/home/of-a-person", "/home", ""):
        strays.end_strays(mark)
    assert ended == []
