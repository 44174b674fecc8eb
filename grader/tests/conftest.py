"""What the grader's own tests share: a launcher, and a miniature workbook to grade."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, Optional, Sequence

import pytest

from grader.grading import grade
from grader.scorecard import ExerciseResult, Verdict
from grader.service.launcher import Launcher, make_launcher
from grader.workbook import Exercise, Request

# A run in a shell's background ignores SIGINT, and so would what the tests start and interrupt.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What the programs that the tests start write is read as UTF-8, also where consoles are not.
os.environ["PYTHONIOENCODING"] = "utf-8"

# They import what Windows has not, and test what it has not, or what it is like.
collect_ignore = (
    [
        "test_hostile.py",
        "test_sandbox.py",
        "test_seccomp.py",
        "test_semaphores.py",
        "test_windows_like.py",
    ]
    if os.name == "nt"
    else []
)

MINIATURE = Path(__file__).resolve().parent / "miniature"

Grade = Callable[..., ExerciseResult]


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """One launcher for the tests of a worker."""
    made = make_launcher()
    yield made
    made.close()


@pytest.fixture
def miniature() -> Exercise:
    """The exercise of a workbook that has one alone."""
    return Exercise("ex-1", MINIATURE)


@pytest.fixture
def grade_source(tmp_path: Path, launcher: Launcher, miniature: Exercise) -> Grade:
    """Grade a program, given as source, against the miniature's ticket."""

    def run(source: str, only: Optional[Sequence[str]] = None) -> ExerciseResult:
        file = tmp_path / "main.py"
        file.write_bytes(source.encode("utf-8", "surrogateescape"))
        return grade(Request(miniature, file, seed=7, only=only), launcher)

    return run


@pytest.fixture
def grade_folder(launcher: Launcher, miniature: Exercise) -> Grade:
    """Grade a folder against the miniature's ticket."""

    def run(folder: Path, only: Optional[Sequence[str]] = None) -> ExerciseResult:
        return grade(Request(miniature, folder, seed=7, only=only), launcher)

    return run


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether something comes true before the deadline, which is for what hangs."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def verdicts(result: ExerciseResult) -> Dict[str, Verdict]:
    """The verdict of each criterion."""
    return {criterion.id: criterion.verdict for criterion in result.criteria}
