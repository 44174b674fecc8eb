"""Has a service done all that it can do without more time? Seen from outside.

Inside the process the question has no safe answer: a thread that waits for the interpreter's lock
looks asleep there. The kernel knows better (proc(5)): a task that could run is never "sleeping".
"""

import os
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Protocol, Set, Tuple

from grader import processes
from grader.clock import frames
from grader.system import linux_helps

# Asleep, or stopped by a signal. Not D: a wait for a disk or for a page ends by itself. And not Z
# or X: a task that ends is at rest when it is gone.
AT_REST = b"STt"

SAMPLES = 3

# Functions of the kernel in which a task waits for real time, or for another process: no wait that
# the driven clock has replaced ends there.
UNDRIVEN = {
    b"hrtimer_nanosleep",
    b"do_nanosleep",
    b"poll_schedule_timeout",
    b"do_select",
    b"do_sys_poll",
    b"do_sigtimedwait",
    b"do_wait",
}


# Each task, and how often it has been given the processor.
Sample = List[Tuple[str, bytes]]

# How many tasks share a processor of this machine now.
Slowness = Callable[[], float]


class Sleepers(Protocol):
    """What can tell whether a service is at rest at this moment."""

    asks: bool  # whether the service itself is asked, over the channel

    @property
    def answer_seconds(self) -> float:
        """How long an answer may be on its way unseen, in real seconds."""

    def at_rest(self) -> bool:
        """Whether nothing in the service runs or is about to run."""

    def undriven(self) -> bool:
        """Whether something in the service waits for real time, as far as can be known."""


def watch(pid: int, channel: Any, slow: Slowness) -> Sleepers:
    """The best way that this platform has; ``slow`` tells how many tasks share a processor."""
    return Tasks(pid) if _tasks_shown(pid) else Frames(channel, slow)


def watch_new_threads(slow: Slowness) -> Callable[[], bool]:
    """Tells whether the threads of this process that begin from now on are at rest.

    One that waits for the interpreter's lock is not at rest: who looks gives the lock up again and
    again.
    """
    pid = os.getpid()
    if _tasks_shown(pid):
        tasks = Tasks(pid, ignored=os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208  # as below
        return tasks.at_rest
    threads = frames.Frames(ignored=sys._current_frames())
    return lambda: threads.at_rest(slow())


def _tasks_shown(pid: int) -> bool:
    return linux_helps() and Path(f"/proc/{pid}/task/{pid}/status").exists()


class Tasks:
    """Reads the state of every task of the process.

    Each sample notes how often each task has been given the processor. If two samples are the same
    and all tasks were asleep in both, none ran in between, so all were asleep at one moment: only
    time, or a message from outside, can wake them.

    A task that is on its way into a wait, and may still turn back, looks asleep as well: for as
    long as other tasks have the processor. Where the kernel tells in which function a task sleeps
    (`wchan`) it is asked: for that one it says "0".
    """

    UNTOLD_SECONDS = 1.0
    asks = False
    answer_seconds = 0.0

    def __init__(self, pid: int, ignored: Iterable[str] = ()) -> None:
        self._pid = pid
        self._folder = f"/proc/{pid}/task"
        self._ignored = frozenset(ignored)
        self._files: Dict[Tuple[str, str], int] = {}
        self.places_known = False
        self._untold: Tuple[Sample, float] = ([], 0.0)
        self._untold_seconds = 0.0

    def at_rest(self) -> bool:
        """Whether all tasks are asleep. A process that has ended is at rest."""
        first = self._sample()
        if first is None or not self._asleep_somewhere(first):
            return False
        return all(self._sample() == first for _ in range(SAMPLES - 1))

    def undriven(self) -> bool:
        """Whether a task is in one of the kernel's waits for real time, or another process runs.

        A forked process has a copy of the driven clock, which nobody drives.
        """
        if any(processes.children(self._pid)):
            return True
        places = [self._read(task, "wchan") for task in self._tasks()]
        return any(place.partition(b".")[0] in UNDRIVEN for place in places)

    def _tasks(self) -> List[str]:
        try:
            tasks = os.listdir(self._folder)  # noqa: PTH208  # faster, and it is read often
            return sorted(set(tasks) - self._ignored)
        except OSError:
            return []

    def _sample(self) -> Optional[Sample]:
        tasks = self._tasks()
        self._forget_all_but(set(tasks))
        sample = []
        for task in tasks:
            status = self._read(task, "status")
            state = status.partition(b"\nState:\t")[2][:1]
            if not state or state not in AT_REST:
                return None
            sample.append((task, status.rpartition(b"\nvoluntary_ctxt_switches")[2]))
        return sample

    def _asleep_somewhere(self, sample: Sample) -> bool:
        """Whether each task is in a function that sleeps, as far as this kernel tells."""
        places = [self._read(task, "wchan") for task, _ in sample]
        self.places_known |= any(place not in (b"", b"0") for place in places)
        return b"0" not in places or not self._would_be_told(sample)

    def _would_be_told(self, sample: Sample) -> bool:
        """Whether "0" means what it says. Some kernels say it of every task: of one that has been
        asleep for a second, then, in which it was not given the processor."""
        try:
            # Who may read this is told (proc(5): both ask for PTRACE_MODE_READ_FSCREDS).
            os.readlink(f"/proc/{self._pid}/cwd")
        except OSError:
            return False
        last, when = self._untold
        now = time.monotonic()
        self._untold = sample, now
        if sample == last:
            self._untold_seconds += now - when
        return self.places_known or self._untold_seconds < self.UNTOLD_SECONDS

    def _read(self, task: str, name: str) -> bytes:
        """A file of a task; empty when the task ends at this moment."""
        try:
            file = self._files.get((task, name))
            if file is None:
                path = f"{self._folder}/{task}/{name}"
                file = self._files[task, name] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            return os.pread(file, 8192, 0)
        except OSError:
            return b""

    def _forget_all_but(self, tasks: Set[str]) -> None:
        for key in [key for key in self._files if key[0] not in tasks]:
            os.close(self._files.pop(key))

    def __del__(self) -> None:
        self._forget_all_but(set())


class Frames:
    """Asks the service whether its threads move."""

    asks = True

    def __init__(self, channel: Any, slow: Slowness) -> None:
        self._channel = channel
        self._slow = slow

    @property
    def answer_seconds(self) -> float:
        """How long an answer may be on its way unseen: the longer the busier the machine is."""
        return 0.05 * self._slow()

    def at_rest(self) -> bool:
        """Whether no thread moves. A service that does not answer is at rest."""
        question = {"op": "clock.at_rest", "slow": self._slow()}
        try:
            return bool(self._channel.request(question, 30.0).get("at_rest"))
        except Exception:  # the service has ended, in whichever way the channel says so
            return True

    def undriven(self) -> bool:
        """Whether the service has ever started a process; its threads' waits cannot be known."""
        try:
            return bool(self._channel.request({"op": "clock.forked"}, 10.0).get("forked"))
        except Exception:  # as above
            return False
