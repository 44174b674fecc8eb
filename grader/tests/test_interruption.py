"""A grader that is ended from outside leaves no service behind, whoever ends it and how."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, FrozenSet, Tuple

import pytest

from grader.tests.conftest import eventually
from grader.workbook import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

# Behind the walls it can write nothing there; then the process itself has to do for a sign.
HANGING = """
import contextlib, time
from fastapi import FastAPI
app = FastAPI()

@app.post("/leads")
def create_lead():
    with contextlib.suppress(OSError):
        open({sign!r}, "w").close()
    time.sleep(600)
"""


def descendants(pid: int) -> FrozenSet[Tuple[int, str]]:
    """All processes below one, each with its command line."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], stdout=subprocess.PIPE, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.decode("utf-8", "replace").splitlines()]
    found: Dict[int, str] = {pid: ""}
    for _ in range(4):  # the examiner, the warm parent, the service, what it starts
        found.update({int(one): args for one, parent, args in rows[1:] if int(parent) in found})
    return frozenset((one, args) for one, args in found.items() if one != pid)


def alive(processes: FrozenSet[Tuple[int, str]]) -> FrozenSet[Tuple[int, str]]:
    """Those that still run."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], stdout=subprocess.PIPE, check=True
    ).stdout
    rows = [line.split(None, 1) for line in listed.decode("utf-8", "replace").splitlines()]
    return processes & {(int(pid), args) for pid, args in rows[1:]}


def assert_nothing_outlives(
    process: "subprocess.Popen[bytes]", name: str, ready: Callable[[], bool]
) -> None:
    """Send a signal to a grader when it is ``ready``; fail unless all that it had started ends."""
    try:
        assert eventually(ready, 60), "nothing was started"
        started = descendants(process.pid)
        process.send_signal(signal.Signals[name])
        _, words = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert started
    assert eventually(lambda: not alive(started), 60), f"left: {alive(started)}"
    if name == "SIGTERM":
        assert (process.returncode, words.decode()) == (130, "Interrupted.\n")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("portable", ["", "1"], ids=["forked", "spawned"])
def test_no_service_outlives_its_grader(tmp_path: Path, name: str, portable: str) -> None:
    sign = tmp_path / "serving"
    (tmp_path / "main.py").write_text(HANGING.format(sign=str(sign)))
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "ex-1", "--from", str(tmp_path / "main.py")],
        cwd=str(ROOT),
        env={**os.environ, "GRADER_PORTABLE": portable},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    serves = sign.exists if portable else lambda: len(descendants(process.pid)) >= 2
    assert_nothing_outlives(process, name, serves)
