"""A process that has imported the usual libraries and forks a service for each order.

It holds no tests, no secrets and no connections but the control socket to the examiner. Orders
come as a JSON line with three file descriptors (listening socket, console, channel; SCM_RIGHTS,
unix(7)); it answers with the pid and, when a service has ended, with its exit status. It is the
subreaper (prctl(2)) of all that its services start, so that nothing can detach from it.

When the control socket closes, the examiner is gone: everything below is ended, then itself.
"""

import array
import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from grader.clock import replace
from grader.service import child, loading, priming
from grader.service.channel import Channel

PR_SET_CHILD_SUBREAPER = 36
PR_SET_PDEATHSIG = 1
FDS_PER_ORDER = 3
LONGEST_ORDER = 1024 * 1024

# Part of every service; what else a submission imports comes with its order.
ALWAYS = (
    "asyncio",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.protocols.websockets.auto",
)

Order = Dict[str, Any]


class WarmParent:
    """Forks services and ends them."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.buffer = b""
        self.fds: List[int] = []
        self.services: Dict[int, str] = {}
        self.uids: Dict[str, int] = {}
        self.folders: Set[str] = set()

    def next_order(self) -> Optional[Order]:
        """Wait for the next order, reaping services meanwhile; None when the examiner has gone."""
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        old_wakeup = signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        try:
            while b"\n" not in self.buffer:
                self.reap()
                ready = select.select([self.control.fileno(), wake_read], [], [])[0]
                if wake_read in ready:
                    os.read(wake_read, 4096)
                if self.control.fileno() in ready and not self._receive():
                    return None
        finally:
            signal.set_wakeup_fd(old_wakeup)
            os.close(wake_read)
            os.close(wake_write)
        line, _, self.buffer = self.buffer.partition(b"\n")
        order: Order = json.loads(line.decode())
        return order

    def _receive(self) -> bool:
        size = array.array("i").itemsize
        space = socket.CMSG_SPACE(FDS_PER_ORDER * size)
        try:
            data, ancillary, _, _ = self.control.recvmsg(LONGEST_ORDER, space)
        except OSError:
            return False
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received = array.array("i")
                received.frombytes(payload[: len(payload) - len(payload) % size])
                self.fds += list(received)
        self.buffer += data
        return bool(data)

    def tell(self, message: Order) -> None:
        """Send one line to the examiner, if it is still there."""
        with contextlib.suppress(OSError):
            self.control.sendall(json.dumps(message).encode() + b"\n")

    def reap(self) -> None:
        """Collect what has ended and report the services among it."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            name = self.services.pop(pid, None)
            if name is not None:
                self.tell({"exited": name, "status": status})

    def end(self, name: Optional[str]) -> None:
        """Kill the service called ``name`` (None: all of them) and whatever was left behind.

        A process that a service started becomes a child of this one when its parent ends
        (subreaper), so killing until no unknown child is left ends the whole tree.
        """
        for pid, known in list(self.services.items()):
            if name is None or known == name:
                _kill(pid)
                with contextlib.suppress(ChildProcessError):
                    status = os.waitpid(pid, 0)[1]
                    self.tell({"exited": known, "status": status})
                self.services.pop(pid, None)
        # Also where the service itself has ended long ago: what it started may live on.
        for known in [known for known in self.uids if name is None or known == name]:
            self._kill_user(self.uids.pop(known))
        while True:
            strays = self._stopped_strays()
            if not strays:
                return
            for pid in strays:
                _kill(pid)
            for pid in strays:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    def _stopped_strays(self) -> List[int]:
        """What no service has for an ancestor, stopped: killed while it runs it forks on."""
        stopped: Set[int] = set()
        while True:
            strays = descendants_of(os.getpid(), leaving_out=self.services)
            fresh = [pid for pid in strays if pid not in stopped]
            if not fresh:
                return strays
            for pid in fresh:
                _kill(pid, signal.SIGSTOP)
            stopped.update(fresh)

    def _kill_user(self, uid: int) -> None:
        """Kill all processes of a service's own user at once: a fork storm cannot outrun it."""
        pid = os.fork()
        if pid == 0:
            try:
                os.setresuid(uid, uid, uid)
                os.kill(-1, signal.SIGKILL)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)

    def fork(self, order: Order) -> Optional[Tuple[Order, List[int]]]:
        """Fork a service. In the child: its order and descriptors; in the parent: None."""
        fds, self.fds = self.fds[:FDS_PER_ORDER], self.fds[FDS_PER_ORDER:]
        preload(order.get("preload", ()))
        if order.get("clock") is not None:
            replace.look_ahead()
        self.folders.add(order["folder"])
        pid = os.fork()
        if pid == 0:
            return order, fds
        for fd in fds:
            os.close(fd)
        self.services[pid] = order["name"]
        if order.get("uid") is not None:
            self.uids[order["name"]] = order["uid"]
        self.tell({"answer": order["ask"], "pid": pid})
        return None

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a service; it is not reaped yet, so its pid cannot be another's."""
        for pid, known in self.services.items():
            if known == name:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def serve(self) -> Optional[Tuple[Order, List[int]]]:
        """Work until the examiner goes (None), or return in a forked child with its order."""
        while True:
            order = self.next_order()
            if order is None:
                self.end(None)
                for folder in self.folders:
                    shutil.rmtree(folder, ignore_errors=True)
                return None
            if order["op"] == "fork":
                forked = self.fork(order)
                if forked is not None:
                    return forked
            elif order["op"] == "signal":
                self.signal(order["name"], order["number"])
                self.tell({"answer": order["ask"]})
            elif order["op"] == "end":
                self.reap()
                self.end(order["name"])
                self.folders.discard(order["folder"])
                self.tell({"answer": order["ask"]})
            elif order["op"] == "preload":
                preload(order["modules"])


def preload(modules: "List[str] | Tuple[str, ...]") -> None:
    """Import the installed packages among ``modules``; what fails is left to the submission."""
    missing = [module for module in modules if module not in sys.modules]
    gc.disable()  # hardly any of what an import makes is garbage
    with priming.without_warnings():
        for module in missing:
            with contextlib.suppress(Exception):
                importlib.import_module(module)
    if "fastapi" in missing:
        priming.prime()
    gc.freeze()  # what is there stays: no service's collector walks over it, and copies it so
    gc.enable()


def parents() -> Dict[int, int]:
    """The parent of every process that there is, zombies included."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = (entry / "stat").read_bytes()
                # pid (comm) state ppid …: the name may hold anything, so read after its end.
                found[int(entry.name)] = int(stat.rpartition(b")")[2].split()[1])
    return found


def descendants_of(pid: int, leaving_out: Iterable[int]) -> List[int]:
    """The pids of all below ``pid``, less some of its children and what is below those."""
    below: Dict[int, List[int]] = {}
    for one, parent in parents().items():
        below.setdefault(parent, []).append(one)
    found: List[int] = []
    left = [child for child in below.get(pid, []) if child not in set(leaving_out)]
    while left:
        found.append(left.pop())
        left += below.get(found[-1], [])
    return found


def _kill(pid: int, number: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def warm_up() -> None:
    """Import what every service needs, so that it is there before a fork."""
    loading.rehearse()
    preload(ALWAYS + priming.OF_THE_GRADER)


def become_service(parent: WarmParent, order: Order, fds: List[int]) -> None:
    """In the forked child: leave the warm parent's things behind and run the order."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    listener, console, channel = fds
    parent.control.close()
    child.restore_signals()
    os.setsid()
    child.take_console(console, order.get("uid"))
    sock = socket.socket(fileno=channel)
    child.run(order, Channel(sock), socket.socket(fileno=listener))


def main() -> None:
    """Run as the warm parent; the control socket's descriptor is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    # Without a handler the wake-up descriptor would not be written.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the examiner; it ends us
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    parent = WarmParent(control)
    warm_up()
    forked = parent.serve()
    if forked is not None:
        become_service(parent, *forked)
    else:
        os._exit(0)  # taking the imported libraries apart would keep the examiner waiting
