"""Rest is told from outside: whether a process can still do something without more time."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest

from grader.clock.settled import Tasks
from grader.system import linux_helps

pytestmark = pytest.mark.skipif(not linux_helps(), reason="the kernel shows no tasks here")

# The child ends with its parent: nobody holds the other end of the pipe then.
WAITS_FOR_A_CHILD = """
import os
ear, mouth = os.pipe()
pid = os.fork()
if pid:
    os.waitpid(pid, 0)
os.close(mouth)
os.read(ear, 1)
"""

LOOKS_AFTER_A_CHILD = """
import os
ear, mouth = os.pipe()
if os.fork():
    threading.Event().wait()
os.close(mouth)
os.read(ear, 1)
"""

Spawn = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Run a program that says when it begins; it is ended with the test."""
    started = []

    def run(source: str) -> "subprocess.Popen[bytes]":
        program = f"import threading, time\nprint(1, flush=True)\n{source}"
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None  # it was asked for as a pipe
        process.stdout.readline()
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def comes_to_rest(tasks: Tasks, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not tasks.at_rest():
        if time.monotonic() > deadline:
            return False
    return True


def this_kernel_tells() -> bool:
    """Whether it says of a thread of this process in which function it sleeps."""
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, daemon=True)
    thread.start()
    deadline = time.monotonic() + 5
    try:
        places = Path(f"/proc/self/task/{thread.native_id}/wchan")
        while places.is_file() and time.monotonic() < deadline:
            if places.read_text() not in ("", "0"):
                return True
        return False
    finally:
        ended.set()


def test_a_sleeper_is_at_rest(spawn: Spawn) -> None:
    assert comes_to_rest(Tasks(spawn("time.sleep(60)").pid))


def test_many_sleepers_are_at_rest(spawn: Spawn) -> None:
    source = "for _ in range(30): threading.Thread(target=time.sleep, args=(60,)).start()"
    assert comes_to_rest(Tasks(spawn(source).pid))


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "while True: open('/dev/null').close()",
        "import select\nwhile True: select.select([], [], [], 0)",
        "threading.Thread(target=time.sleep, args=(60,)).start()\nwhile True: pass",
        "lock = threading.Lock()\n"
        "def work():\n"
        "    while True:\n"
        "        with lock: pass\n"
        "threading.Thread(target=work).start()\n"
        "work()",
    ],
)
def test_a_worker_is_never_at_rest(spawn: Spawn, source: str) -> None:
    tasks = Tasks(spawn(source).pid)
    assert not any(tasks.at_rest() for _ in range(300))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("time.sleep(60)", True),
        ("import select; select.poll().poll(60000)", True),
        (WAITS_FOR_A_CHILD, True),
        (LOOKS_AFTER_A_CHILD, True),
        ("threading.Event().wait()", False),
        ("threading.Event().wait(60)", False),
        ("import asyncio; asyncio.new_event_loop().run_forever()", False),
    ],
)
def test_a_wait_for_real_time_is_seen(spawn: Spawn, source: str, expected: bool) -> None:
    """Where the kernel tells in which function a task sleeps."""
    tasks = Tasks(spawn(source).pid)
    assert comes_to_rest(tasks)
    if not this_kernel_tells():
        pytest.skip("this kernel does not tell")
    deadline = time.monotonic() + 2
    while tasks.undriven() is not expected and time.monotonic() < deadline:
        time.sleep(0.01)  # it may have rested on its way there
    assert tasks.undriven() is expected


class Untold(Tasks):
    """What is seen where the kernel tells no places: "0" of every task."""

    def _read(self, task: str, name: str) -> bytes:
        return b"0" if name == "wchan" else super()._read(task, name)


def test_a_task_on_its_way_is_not_at_rest_however_often_one_looks(spawn: Spawn) -> None:
    """While others have the processor the kernel says "0" of it."""
    tasks = Untold(spawn("time.sleep(60)").pid)
    began = time.monotonic()
    looks = [tasks.at_rest() for _ in range(200)]
    assert not any(looks) or time.monotonic() - began > Tasks.UNTOLD_SECONDS


def test_where_the_kernel_tells_no_places_a_sleeper_is_at_rest(spawn: Spawn) -> None:
    assert comes_to_rest(Untold(spawn("time.sleep(60)").pid))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs two users")
def test_who_may_not_be_told_places_does_not_wait_for_them(spawn: Spawn) -> None:
    """A grader that is root in a container without the right to trace (Docker's default)."""
    pid = spawn("time.sleep(60)").pid
    os.seteuid(65534)
    try:
        tasks = Tasks(pid)
        assert comes_to_rest(tasks)
        assert not tasks.places_known
        assert tasks._untold_seconds == 0.0
    finally:
        os.seteuid(0)


def test_a_process_that_has_gone_is_at_rest(spawn: Spawn) -> None:
    process = spawn("")
    tasks = Tasks(process.pid)
    process.wait()
    assert tasks.at_rest()
