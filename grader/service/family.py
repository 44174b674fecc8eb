"""A spawned process with everything that it starts: a process group, or a job object of Windows."""

import contextlib
import os
import signal
import subprocess
import sys
from typing import Dict, Optional, Sequence, Tuple

from grader.service.job import Job
from grader.service.strays import end_strays


class Family:
    """On POSIX: a session of its own, whose group is killed, and what has left it.

    Its home folder, which is no other's, tells which processes are of this family.
    """

    def __init__(self, command: Sequence[str], output: int, environment: Dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=os.name == "posix",
        )
        self._home = environment.get("HOME", "")
        self._group_ended = False

    def wait(self) -> int:
        """Wait until the process has ended, and kill what it leaves in its group.

        Returns:
            Its exit code, or minus the number of the signal that ended it.
        """
        status = self.process.wait()
        self._end_group()
        return status

    def _end_group(self) -> None:
        """Kill the group, once: who has been waited for may give its number to a stranger."""
        if not self._group_ended:
            self._group_ended = True
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, if it still runs."""
        with contextlib.suppress(OSError):
            self.process.send_signal(number)

    def end(self) -> None:
        """Kill the process and what it has started."""
        self._end_group()
        # macOS refuses the group where one of it has just ended. (On 3.8 this fails where another
        # thread has just waited for the process.)
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        home, self._home = self._home, ""  # once is enough
        if home:
            end_strays(home)


class WindowsFamily(Family):
    """On Windows: all in one job object. It has no signals: to be asked to end is to be ended."""

    def __init__(self, command: Sequence[str], output: int, environment: Dict[str, str]) -> None:
        program, added = own_interpreter()
        super().__init__([program, *command[1:]], output, {**environment, **added})
        # The process waits for its order, and has started nothing yet: nothing is missed.
        self._job: Optional[Job] = None
        with contextlib.suppress(OSError):
            self._job = Job()
            self._job.take(self.process)

    def _end_group(self) -> None:
        """There are no groups."""

    def send_signal(self, number: int) -> None:
        """End the process, whatever the signal."""
        with contextlib.suppress(OSError):
            self.process.terminate()

    def end(self) -> None:
        """End the process and what it has started."""
        if self._job is not None:
            self._job.end()
            self._job = None
        if self.process.poll() is None:  # it could not be taken into a job
            command = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            with contextlib.suppress(OSError):
                subprocess.run(command, capture_output=True, check=False)
            self.process.kill()
        self.process.wait()


def start(command: Sequence[str], output: int, environment: Dict[str, str]) -> Family:
    """Start a command whose output goes to the descriptor ``output``; a pipe is its input."""
    family = WindowsFamily if os.name == "nt" else Family
    return family(command, output, environment)


def own_interpreter() -> Tuple[str, Dict[str, str]]:
    """The program that is this Python, and the variables that it needs.

    An environment's python.exe on Windows is a small program that starts the real one as its child,
    which would escape the job. The variable tells the real one its environment, as it does for
    multiprocessing's processes.
    """
    base = getattr(sys, "_base_executable", None)
    if base and base != sys.executable:
        return base, {"__PYVENV_LAUNCHER__": sys.executable}
    return sys.executable, {}
