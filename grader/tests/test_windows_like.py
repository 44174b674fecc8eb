"""The grader does its work where what POSIX alone has is missing (see windows_like)."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Tuple

import pytest

from grader.tests import windows_like
from grader.workbook import ROOT

# Never imported on Windows: each is for Linux alone.
LINUX = {
    "grader.service.warm_parent",
    *(f"grader.sandbox.{name}" for name in "bpf calls landlock libc limits semaphores".split()),
    *(f"grader.sandbox.{name}" for name in "privileges seccomp".split()),
}

Program = Tuple[Path, Dict[str, str]]


@pytest.fixture
def windows(tmp_path: Path) -> Program:
    """A Python that is like one on Windows, and the variables to run it with."""
    folder = tmp_path / "programs"
    folder.mkdir()
    python = windows_like.stand_ins(folder)
    path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    return python, {**os.environ, "SYSTEMROOT": "C:\\Windows", "PATH": path}


def run(windows: Program, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with ``arguments``, as on Windows."""
    python, variables = windows
    return subprocess.run(
        [str(python), *arguments],
        cwd=str(ROOT),
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_likeness_takes_away_what_windows_lacks(windows: Program, tmp_path: Path) -> None:
    """Lest the other tests prove nothing."""
    for line in (
        "import fcntl",
        "import os; os.fork",
        "from os import geteuid",
        "import signal; signal.SIGKILL",
        "import ctypes; ctypes.CDLL(None)",
        "import subprocess; subprocess.run(['true'], env={})",
        "import os; os.open('.', 0, dir_fd=3)",
    ):
        code = f"exec({line!r}, {{'__file__': {str(ROOT / 'grader' / 'x.py')!r}}})"
        done = run(windows, "-c", code)
        assert done.returncode != 0, line
        assert re.search("Windows|cannot import", done.stderr), (line, done.stderr)


def test_every_module_that_is_not_for_linux_alone_can_be_imported(windows: Program) -> None:
    wanted = [name for name in windows_like.modules() if name not in LINUX]
    assert len(wanted) > 60
    code = f"import sys, importlib; sys.path.insert(0, {str(ROOT)!r})\nfor name in {wanted!r}:\n"
    done = run(windows, "-c", code + "    importlib.import_module(name)\nprint(*sys.modules)")
    assert done.returncode == 0, done.stderr
    assert not LINUX & set(done.stdout.split())


def test_every_test_can_be_collected(windows: Program) -> None:
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "grader/tests"]
    done = run(windows, "-m", "pytest", *options)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "test_seccomp" not in done.stdout


def graded(windows: Program, *arguments: str) -> Dict[str, Any]:
    done = run(windows, "-m", "grader", *arguments, "--format", "json", "--seed", "7")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    found: Dict[str, Any] = json.loads(done.stdout)["exercises"][0]
    return found


@pytest.mark.parametrize("exercise", ["ex-2", "ex-5"])
def test_the_references_pass(windows: Program, exercise: str) -> None:
    result = graded(windows, exercise, "--from", f"solutions/{exercise}/main.py")
    verdicts = {each["id"]: each["verdict"] for each in result["criteria"]}
    assert verdicts.pop("SHUTDOWN", "blocked") == "blocked", "there is no SIGTERM to tell it by"
    assert set(verdicts.values()) == {"passed"}, result


def test_a_known_mistake_fails_where_it_says(windows: Program) -> None:
    result = graded(windows, "ex-1", "--from", "solutions/ex-1/rejected/role_case.py")
    failed = {each["id"] for each in result["criteria"] if each["verdict"] == "failed"}
    assert failed == {"AC1"}


def test_the_database_is_started_and_used(windows: Program) -> None:
    if sys.platform != "win32" and os.geteuid() == 0:
        pytest.skip("PostgreSQL refuses root, and nobody can be another user there")
    result = graded(windows, "ex-3", "--from", "solutions/ex-3/main.py")
    assert {each["verdict"] for each in result["criteria"]} == {"passed"}, result
