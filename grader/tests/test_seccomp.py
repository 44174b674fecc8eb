"""The filter of system calls: what a submission could still reach past the other walls."""

import ctypes
import errno
import fcntl
import os
import resource
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

from grader.sandbox import calls, privileges, seccomp
from grader.sandbox.policy import available

pytestmark = pytest.mark.skipif(not available(), reason="the walls are Linux's")

LIBC = ctypes.CDLL(None, use_errno=True)
IPPROTO_MPTCP, MSG_FASTOPEN = 262, 0x20000000


def situation(
    own_user: bool = True, landlock: int = 6, connects: bool = False
) -> seccomp.Situation:
    """Where a filter is put on this process."""
    return seccomp.Situation(os.uname().machine, os.getpid(), own_user, landlock, connects)


def behind(where: Callable[[], seccomp.Situation], action: Callable[[], object]) -> int:
    """Run ``action`` behind the filter, in a child; its errno, or 0."""
    pid = os.fork()
    if pid == 0:
        try:
            privileges.no_new_privileges()
            if not seccomp.install(where()):
                os._exit(254)
            action()
            os._exit(0)
        except OSError as error:
            os._exit(error.errno or 255)
        finally:
            os._exit(253)
    return os.WEXITSTATUS(os.waitpid(pid, 0)[1])


def person() -> seccomp.Situation:
    """A person's own user, with a new kernel."""
    return situation(own_user=False)


def person_on_an_old_kernel() -> seccomp.Situation:
    """The same with the first Landlock."""
    return situation(own_user=False, landlock=1)


def called(function: str, *arguments: object) -> None:
    """Call the C library.

    Raises:
        OSError: it failed.
    """
    if getattr(LIBC, function)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), function)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody to connect to."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen(1)
        yield made


@pytest.fixture
def other() -> Iterator[int]:
    """The pid of another process of the same user."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.kill()


@pytest.mark.parametrize("function", ["shmget", "msgget", "semget"])
def test_nothing_is_made_that_outlives_the_process(function: str) -> None:
    arguments = {"shmget": (0, 4096, 0o600), "msgget": (0, 0o600), "semget": (0, 1, 0o600)}
    assert behind(situation, lambda: called(function, *arguments[function])) == errno.EPERM


@pytest.mark.parametrize(
    ("family", "kind", "protocol"),
    [
        (socket.AF_UNIX, socket.SOCK_STREAM, 0),
        (socket.AF_INET, socket.SOCK_DGRAM, 0),
        (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        (socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP),
        (socket.AF_INET6, socket.SOCK_STREAM, IPPROTO_MPTCP),
    ],
)
def test_sockets_are_of_tcp_alone(family: int, kind: int, protocol: int) -> None:
    assert behind(situation, lambda: socket.socket(family, kind, protocol)) == errno.EACCES
    assert behind(situation, lambda: socket.socket(socket.AF_INET6)) == 0
    assert behind(situation, socket.socketpair) == 0


def test_no_memory_is_taken_that_no_limit_counts() -> None:
    """A file without a name takes the machine's memory, not the process's."""
    assert behind(situation, lambda: called("memfd_create", b"hoard", 0)) == errno.ENOSYS


def test_no_connection_is_made_by_sending(listener: socket.socket) -> None:
    def send() -> None:
        socket.socket().sendto(b"x", MSG_FASTOPEN, listener.getsockname())

    assert behind(situation, send) == errno.EPERM


def test_other_processes_of_the_user_keep_their_limits(other: int) -> None:
    limits = (64, 64)
    assert behind(person, lambda: resource.prlimit(other, resource.RLIMIT_NOFILE, limits)) == 1
    assert behind(person, lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limits)) == 0
    assert behind(person, lambda: os.setpriority(os.PRIO_PROCESS, other, 19)) == errno.EPERM
    assert behind(person, lambda: os.sched_setaffinity(other, {0})) == errno.EPERM


def test_other_files_of_the_user_keep_their_modes_and_times(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(mode=0o640)
    before = file.stat()

    def change() -> None:
        file.chmod(0)
        os.utime(str(file), (1, 1))
        with file.open() as opened:
            os.fchmod(opened.fileno(), 0)

    assert behind(person, change) == 0, "it seems to succeed"
    assert file.stat().st_mode == before.st_mode
    assert file.stat().st_mtime == before.st_mtime
    assert behind(person, lambda: os.setxattr(str(file), "user.x", b"")) == errno.EPERM
    assert behind(person, lambda: shutil.copy2(str(file), str(tmp_path / "copy"))) == 0


def test_an_own_user_does_with_its_files_what_it_likes(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(mode=0o640)
    assert behind(situation, lambda: file.chmod(0o600)) == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_signals_stay_inside_where_landlock_is_old(other: int) -> None:
    assert behind(person_on_an_old_kernel, lambda: os.kill(other, 0)) == errno.EPERM
    assert behind(person_on_an_old_kernel, lambda: os.kill(-1, 0)) == errno.EPERM
    assert behind(person_on_an_old_kernel, lambda: os.kill(os.getpid(), 0)) == 0
    assert person_on_an_old_kernel().stands_in_for() == ["network", "signals"]
    assert person().stands_in_for() == []


def test_no_descriptor_sends_signals(other: int) -> None:
    def aim() -> None:
        with socket.socket() as sock:
            fcntl.fcntl(sock, fcntl.F_SETOWN, other)

    assert behind(person, aim) == errno.EPERM


def test_the_network_is_closed_where_landlock_is_old(listener: socket.socket) -> None:
    def connect() -> None:
        socket.create_connection(listener.getsockname(), timeout=2).close()

    assert behind(person_on_an_old_kernel, connect) == errno.EACCES
    assert behind(lambda: situation(landlock=1, connects=True), connect) == 0
    assert situation(landlock=3, connects=True).stands_in_for() == [], "a claim that does not hold"


def test_files_are_not_emptied_where_landlock_is_old(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept")

    def empty() -> None:
        os.open(str(file), os.O_RDONLY | os.O_TRUNC)

    assert behind(person_on_an_old_kernel, empty) == errno.EPERM
    assert behind(person_on_an_old_kernel, lambda: os.truncate(str(file), 0)) == errno.EPERM
    assert file.read_text() == "kept"
    assert behind(person_on_an_old_kernel, lambda: file.write_text("new")) == 0


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_knows_both_architectures(machine: str) -> None:
    where = seccomp.Situation(machine, 7, own_user=False, landlock=1, connects=False)
    assert 2 * len(calls.REFUSED) < len(seccomp.program_for(where)) < 4096


def test_a_machine_that_is_not_known_gets_no_filter() -> None:
    where = seccomp.Situation("mips", 7, own_user=True, landlock=7, connects=False)
    assert seccomp.program_for(where) == []
    assert seccomp.install(where) == []
