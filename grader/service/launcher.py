"""Starts services: forked from a warm parent where the system can, spawned where it cannot."""

import array
import contextlib
import json
import os
import queue
import secrets
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from grader.errors import CannotJudge
from grader.processes import processor_seconds
from grader.service.channel import Channel
from grader.service.console import Console
from grader.service.running import Controls, RunningService
from grader.system import linux_helps
from grader.workbook import ROOT

# Only for what hangs: a machine may be very busy.
ANSWER_SECONDS = 120.0


@dataclass(frozen=True)
class Order:
    """All that a service is told: where the submission lies and what it may see and use."""

    folder: str
    environment: Mapping[str, str]
    path: Sequence[str]
    start_seconds: float
    preload: Sequence[str] = ()
    clock: Optional[Mapping[str, Any]] = None
    observe: Sequence[str] = ()
    policy: Optional[Mapping[str, Any]] = None
    uid: Optional[int] = None
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    def as_dict(self) -> Dict[str, Any]:
        """The order as the service reads it."""
        return asdict(self)


def portable() -> bool:
    """Whether services are spawned rather than forked: by lack of fork, or by request."""
    return not linux_helps()


def import_path() -> List[str]:
    """Where a submission imports installed packages from: as the grader, less the workbook."""
    own = {"", str(ROOT), str(Path.cwd())}
    return [entry for entry in sys.path if entry not in own and Path(entry).exists()]


class Launcher:
    """Starts services."""

    def launch(self, order: Order) -> RunningService:
        """Start a service; it is not ready yet.

        Raises:
            CannotJudge: no process could be made.
        """
        raise NotImplementedError

    def apart(self) -> "Launcher":
        """One whose services share nothing with this one's; it is closed with this one.

        Services that are forked from one parent share the salt of the built-in ``hash``, which two
        processes in production never do.
        """
        return self

    def preload(self, modules: Sequence[str]) -> None:
        """Import ``modules`` ahead of the first service, where there is something to gain."""

    def processor_seconds(self) -> Optional[float]:
        """How long all services until now have had a processor; None where it is not known."""
        return None

    def close(self) -> None:
        """End all services and whatever starts them."""
        raise NotImplementedError


def make_launcher() -> Launcher:
    """The launcher for this system."""
    if portable():
        from grader.service.spawning import SpawnLauncher

        return SpawnLauncher()
    return WarmLauncher()


def program(*arguments: str, entry: str) -> List[str]:
    """The command that runs ``main`` of the module ``entry`` of this package."""
    boot = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        f"from grader.service.{entry} import main; main()"
    )
    return [sys.executable, "-I", "-u", "-X", "utf8", "-c", boot, str(ROOT), *arguments]


def clean_environment() -> Dict[str, str]:
    """The little of the examiner's environment that a service needs."""
    # Some Pythons find their own library by the last one (those of CI images, for one).
    kept = ["PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"]
    if os.name == "nt":  # without the first, neither random numbers nor sockets
        kept += ["SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "COMSPEC", "PATHEXT"]
        kept += ["NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"]
    return {name: os.environ[name] for name in kept if name in os.environ}


def home_environment(home: str, temporary: str) -> Dict[str, str]:
    """Where a service finds its home folder and puts its temporary files."""
    if os.name == "nt":
        return {"USERPROFILE": home, "TEMP": temporary, "TMP": temporary}
    return {"HOME": home, "TMPDIR": temporary}


class WarmLauncher(Launcher):
    """Forks services from one warm parent (see ``warm_parent``)."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            program(str(theirs.fileno()), entry="warm_parent"),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=clean_environment(),
            start_new_session=True,
        )
        theirs.close()
        self._lock = threading.Lock()
        self._asked = 0
        self._answers: queue.Queue[Dict[str, Any]] = queue.Queue()
        self._services: Dict[str, RunningService] = {}
        self._early_exits: Dict[str, int] = {}
        self._apart: Optional[WarmLauncher] = None
        threading.Thread(target=self._read, daemon=True).start()

    def apart(self) -> Launcher:
        """One with a warm parent of its own, started when it is first asked for."""
        if self._apart is None:
            self._apart = WarmLauncher()
        return self._apart

    def preload(self, modules: Sequence[str]) -> None:
        """Let the warm parent import ``modules`` now, while the examiner does other things."""
        with self._lock:
            self._send({"op": "preload", "modules": list(modules)})

    def processor_seconds(self) -> Optional[float]:
        """As in the base; what has detached from a service is below the warm parent, too."""
        own = processor_seconds(self._process.pid)
        if own is None or self._apart is None:
            return own
        return own + (self._apart.processor_seconds() or 0.0)

    def launch(self, order: Order) -> RunningService:
        """Fork a service.

        Raises:
            CannotJudge: the warm parent has gone or does not answer.
        """
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        console_read, console_write = os.pipe()
        ours, theirs = socket.socketpair()
        try:
            message = {"op": "fork", **order.as_dict()}
            pid = self._ask(message, [listener.fileno(), console_write, theirs.fileno()])["pid"]
        finally:
            listener.close()
            theirs.close()
            os.close(console_write)
        controls = Controls(
            send_signal=lambda number: self._signal(order.name, number),
            end=lambda: self._end(order),
        )
        service = RunningService(pid, Channel(ours), Console(console_read), controls)
        service.port = port
        with self._lock:
            self._services[order.name] = service
            status = self._early_exits.pop(order.name, None)
        if status is not None:
            service.note_exit(status)
        return service

    def close(self) -> None:
        """Close the control socket: the warm parent ends everything and itself."""
        if self._apart is not None:
            self._apart.close()
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()

    def _signal(self, name: str, number: int) -> None:
        """Send a signal; it has been sent when this returns."""
        self._ask({"op": "signal", "name": name, "number": number})

    def _end(self, order: Order) -> None:
        self._ask({"op": "end", "name": order.name, "folder": order.folder})
        with self._lock:
            self._services.pop(order.name, None)

    def _ask(self, message: Dict[str, Any], fds: Sequence[int] = ()) -> Dict[str, Any]:
        with self._lock:
            self._asked += 1
            self._send({**message, "ask": self._asked}, fds)
            deadline = time.monotonic() + ANSWER_SECONDS
            while True:
                try:
                    answer = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise CannotJudge("The process that starts services does not answer.") from None
                if "gone" in answer:
                    self._answers.put(answer)  # for whoever asks next
                    raise CannotJudge("The process that starts services has ended unexpectedly.")
                if answer.get("answer") == self._asked:  # not a late one to an earlier question
                    return answer

    def _send(self, message: Dict[str, Any], fds: Sequence[int] = ()) -> None:
        line = json.dumps(message).encode() + b"\n"
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        with contextlib.suppress(OSError):  # the reader tells that it has gone
            sent = self._control.sendmsg([line], rights)
            self._control.sendall(line[sent:])

    def _read(self) -> None:
        with self._control.makefile("r", encoding="utf-8") as lines:
            for line in _until_closed(lines):
                message = json.loads(line)
                if "exited" in message:
                    self._note_exit(message["exited"], _exit_status(message["status"]))
                else:
                    self._answers.put(message)
        self._answers.put({"gone": True})
        for service in list(self._services.values()):
            service.note_exit(None)

    def _note_exit(self, name: str, status: int) -> None:
        # Not under the lock: `_ask` holds it while it waits for an answer that this thread reads.
        service = self._services.get(name)
        if service is None:
            self._early_exits[name] = status
            service = self._services.get(name)
        if service is not None:
            service.note_exit(status)


def _until_closed(lines: Any) -> Any:
    with contextlib.suppress(OSError, ValueError):
        yield from lines


def _exit_status(status: int) -> int:
    """The exit code, or minus the signal's number (os.waitstatus_to_exitcode is 3.9+)."""
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
