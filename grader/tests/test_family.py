"""A spawned process ends with everything that it started; Windows' job is asked rightly."""

import ctypes
import os
import subprocess
import sys
from typing import Any, List, Tuple

import psutil
import pytest

from grader.service import family, job

PARENT = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "sys.stdin.read()\n"
)


def test_the_end_takes_what_was_started_with_it() -> None:
    read, write = os.pipe()
    homeless = {name: value for name, value in os.environ.items() if name != "HOME"}
    started = family.start([sys.executable, "-c", PARENT], write, homeless)
    os.close(write)
    with os.fdopen(read) as output:
        child = int(output.readline())
        assert psutil.pid_exists(child)
        started.end()
        assert output.read() == "", "the pipe ends when the last process that holds it has ended"
    assert started.process.returncode is not None
    started.end()  # once more: nothing is left, and nothing happens


@pytest.mark.skipif(os.name != "posix", reason="there are no groups")
def test_the_number_of_a_process_that_was_waited_for_is_never_signalled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may be another's by then: of another grader's service, perhaps."""
    killed: List[int] = []
    kill = os.killpg

    def note(number: int, how: int) -> None:
        killed.append(number)
        kill(number, how)

    monkeypatch.setattr(os, "killpg", note)
    started = family.start([sys.executable, "-c", ""], subprocess.DEVNULL, {})
    assert started.wait() == 0
    started.end()
    started.end()
    assert killed == [started.process.pid], "that of an ended process was signalled"


@pytest.mark.skipif(os.name != "posix", reason="there are no groups")
def test_what_a_process_leaves_in_its_group_ends_as_soon_as_it_was_waited_for() -> None:
    read, write = os.pipe()
    parent = PARENT.replace("sys.stdin.read()", "")
    started = family.start([sys.executable, "-c", parent], write, {})
    os.close(write)
    with os.fdopen(read) as output:
        assert output.readline().strip().isdigit()
        assert started.wait() == 0
        assert output.read() == "", "the pipe ends when the last process that holds it has ended"
    started.end()


class Kernel:
    """kernel32, as far as a job needs it: notes the calls."""

    def __init__(self, *, refuses: str = "") -> None:
        self.calls: List[Tuple[Any, ...]] = []
        self.refuses = refuses

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> int:
            self.calls.append((name, *arguments))
            return 0 if name == self.refuses else 7

        return call


class WindowsProcess:
    """A process with the handle that Windows gives."""

    _handle = 42


def test_a_job_takes_a_process_and_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel()
    monkeypatch.setattr(job, "_kernel", lambda: kernel)
    made = job.Job()
    process: Any = WindowsProcess()
    made.take(process)
    made.end()
    names = [name for name, *_ in kernel.calls]
    assert names == [
        "CreateJobObjectW",
        "SetInformationJobObject",
        "AssignProcessToJobObject",
        "TerminateJobObject",
        "CloseHandle",
    ]
    assert kernel.calls[1][1:3] == (7, 9)
    assert kernel.calls[2][1:] == (7, 42)


def test_a_job_that_is_refused_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "_kernel", lambda: Kernel(refuses="SetInformationJobObject"))
    with pytest.raises(OSError, match="job"):
        job.Job()


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_the_limits_are_laid_out_as_windows_has_them() -> None:
    """The offsets of the members in winnt.h."""
    assert ctypes.sizeof(job._Limits) == 144
    assert job._Limits.flags.offset == 16
    assert job._Limits.counters.offset == 64
    assert job._Limits.process_memory.offset == 112


def test_an_environments_python_is_started_without_its_small_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "_base_executable", "C:\\Python\\python.exe", raising=False)
    program, variables = family.own_interpreter()
    assert program == "C:\\Python\\python.exe"
    assert variables == {"__PYVENV_LAUNCHER__": sys.executable}
    monkeypatch.setattr(sys, "_base_executable", sys.executable)
    assert family.own_interpreter() == (sys.executable, {})


def test_lines_of_windows_are_lines() -> None:
    from grader.service.console import Console

    read, write = os.pipe()
    os.write(write, b"one\r\ntwo\r\n")
    os.close(write)
    console = Console(read)
    console.join(5)
    assert console.text() == "one\ntwo\n"
