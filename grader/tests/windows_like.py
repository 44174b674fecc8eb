"""As much of Windows as can be had elsewhere: the workbook's code lacks what it would lack there.

Run as a program it takes Python's own arguments and runs what they name. The workbook's modules
then see the modules `os`, `signal`, `socket`, `select`, `time`, `ctypes` and `subprocess` without
what the library's documentation gives to POSIX alone, and cannot import the modules that Windows
does not have; so do all Pythons that they start. The libraries, and a submission, see what is
there: this is about the workbook's own code. Not shown: how Windows opens, locks and deletes files,
its job objects (`taskkill` stands in), and its event loop.
"""

import builtins
import ctypes
import fcntl
import os
import runpy
import select
import signal
import socket
import stat
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Set

ROOT = Path(__file__).resolve().parents[2]

NO_MODULES = set(
    "fcntl grp pwd resource termios tty pty crypt spwd nis syslog posix readline curses".split()
)
NOT_IN = {
    "os": set(
        "fork forkpty register_at_fork setsid getsid setpgid getpgid getpgrp setpgrp getuid "
        "geteuid getgid getegid getresuid getresgid setuid seteuid setgid setegid setresuid "
        "setresgid "
        "setreuid setregid setgroups getgroups initgroups killpg chown lchown fchown fchmod "
        "lchmod chroot mkfifo mknod uname sysconf confstr nice getpriority setpriority wait "
        "wait3 wait4 "
        "waitid WNOHANG WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG WIFSTOPPED WSTOPSIG WCOREDUMP "
        "openpty ttyname ctermid tcgetpgrp tcsetpgrp pread pwrite preadv pwritev readv writev "
        "sendfile posix_fallocate posix_fadvise posix_spawn posix_spawnp lockf fchdir fdatasync "
        "getloadavg statvfs fstatvfs sync setxattr getxattr listxattr removexattr pipe2 "
        "memfd_create eventfd pidfd_open major minor makedev get_blocking set_blocking "
        "sched_getaffinity sched_setaffinity sched_yield O_NONBLOCK O_NOFOLLOW O_DIRECTORY "
        "O_CLOEXEC O_PATH O_NOCTTY O_SYNC O_ASYNC O_DIRECT O_NOATIME O_TMPFILE".split()
    ),
    "signal": set(
        "alarm setitimer getitimer pause pthread_kill pthread_sigmask sigpending sigwait "
        "sigwaitinfo sigtimedwait siginterrupt".split()
    ),
    "socket": set("AF_UNIX AF_NETLINK SCM_RIGHTS CMSG_LEN CMSG_SPACE MSG_DONTWAIT".split())
    | set("MSG_NOSIGNAL SO_REUSEPORT send_fds recv_fds".split()),
    "select": {"poll", "epoll", "kqueue", "devpoll", "PIPE_BUF"},
    "time": {"tzset", "clock_gettime", "clock_settime", "CLOCK_MONOTONIC", "CLOCK_REALTIME"},
    "sys": set(),
    "ctypes": set(),
    "subprocess": set(),
}
SIGNALS = {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM"}
# With a folder's descriptor, or without following a link: not on Windows.
RELATIVE = "open stat chmod unlink remove rename replace mkdir rmdir link symlink utime".split()


class Lacking(types.ModuleType):
    """A module without some of its names, and with others in place of its own."""

    def __init__(self, real: types.ModuleType, lacks: Set[str], own: Dict[str, Any]) -> None:
        super().__init__(real.__name__)
        self.__dict__.update(_real=real, _lacks=lacks, **own)

    def __getattr__(self, name: str) -> Any:
        if name in self._lacks:
            raise AttributeError(f"Windows has no {self.__name__}.{name}")
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)


def without_descriptors(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of ``os`` that refuses what Windows refuses."""

    def refusing(*arguments: Any, **options: Any) -> Any:
        for name in ("dir_fd", "src_dir_fd", "dst_dir_fd"):
            if options.pop(name, None) is not None:
                raise NotImplementedError(f"Windows knows no {name}")
        if function is os.rename and os.path.lexists(arguments[1]):
            raise FileExistsError(17, "Windows renames onto nothing", arguments[1])
        return function(*arguments, **options)

    return refusing


def kill(pid: int, number: int) -> None:
    """``os.kill`` of Windows: it ends the process, whatever the signal."""
    assert number > 0, "os.kill(pid, 0) does not ask on Windows: it sends Ctrl+C"
    os.kill(pid, signal.SIGKILL)


def set_handler(number: int, handler: Any) -> Any:
    """``signal.signal`` of Windows, which knows six signals."""
    if signal.Signals(number).name not in SIGNALS:
        raise ValueError("Windows knows no such signal")
    return signal.signal(number, handler)


def library(name: Any, *arguments: Any, **options: Any) -> Any:
    """``ctypes.CDLL`` of Windows: there is no library without a name."""
    if name is None:
        raise TypeError("Windows has no CDLL(None)")
    return ctypes.CDLL(name, *arguments, **options)


def checked(options: Dict[str, Any]) -> Dict[str, Any]:
    """The options of a new process, as Windows takes them."""
    if options.get("preexec_fn") is not None or options.get("pass_fds"):
        raise ValueError("preexec_fn and pass_fds are not supported on Windows platforms")
    environment = options.get("env")
    if environment is not None and "SYSTEMROOT" not in environment:
        raise OSError("without SYSTEMROOT no Python starts on Windows")
    return {name: value for name, value in options.items() if name != "creationflags"}


class Popen(subprocess.Popen):  # type: ignore[type-arg]  # not subscriptable in 3.8
    """``subprocess.Popen`` of Windows."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **checked(options))


def run(*arguments: Any, **options: Any) -> Any:
    """``subprocess.run`` of Windows."""
    return subprocess.run(*arguments, **checked(options))


def locking(descriptor: int, mode: int, _length: int) -> None:
    """``msvcrt.locking``."""
    fcntl.flock(descriptor, fcntl.LOCK_UN if mode == 0 else fcntl.LOCK_EX | fcntl.LOCK_NB)


def install(python: str) -> None:
    """Give the workbook's modules, imported from now on, what Windows has.

    Args:
        python: the program that they are to start as Python.
    """
    own: Dict[str, Dict[str, Any]] = {
        "os": {name: without_descriptors(getattr(os, name)) for name in RELATIVE},
        "signal": {"signal": set_handler, "CTRL_BREAK_EVENT": 1, "SIGBREAK": 21},
        "sys": {"platform": "win32", "executable": python, "_base_executable": python},
        "ctypes": {"CDLL": library},
        "subprocess": {"Popen": Popen, "run": run, "call": None, "check_output": None},
    }
    own["os"].update(name="nt", kill=kill, execv=None, execve=None)
    lacks = {**NOT_IN, "signal": NOT_IN["signal"] | {s.name for s in signal.Signals} - SIGNALS}
    fakes = {
        real.__name__: Lacking(real, lacks[real.__name__], own.get(real.__name__, {}))
        for real in (os, signal, socket, select, time, sys, ctypes, subprocess)
    }
    msvcrt: Any = types.ModuleType("msvcrt")
    msvcrt.locking, msvcrt.LK_NBLCK, msvcrt.LK_UNLCK = locking, 2, 0
    sys.modules["msvcrt"] = msvcrt
    real_import = builtins.__import__

    def windows_import(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        ours = is_ours(globals)
        if ours and level == 0 and name.partition(".")[0] in NO_MODULES:
            raise ModuleNotFoundError(f"Windows has no module {name}", name=name)
        module = real_import(name, globals, locals, fromlist, level)
        return fakes.get(module.__name__, module) if ours else module

    builtins.__import__ = windows_import


def is_ours(module: Any) -> bool:
    """Whether an import comes from the workbook's own code, by the module's names."""
    file = str((module or {}).get("__file__") or "")
    inner = file[len(str(ROOT)) + 1 :] if file.startswith(str(ROOT) + os.sep) else ""
    return inner.startswith(("grader" + os.sep, "ex-")) and file != __file__


def stand_ins(folder: Path) -> Path:
    """Programs in ``folder``: a Python like this one, which is returned, and ``taskkill``."""
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -u -X utf8 "{__file__}" "$0" "$@"\n')
    taskkill = folder / "taskkill"
    taskkill.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{__file__}" taskkill "$4"\n')
    for program in (python, taskkill):
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return python


def kill_tree(pid: int) -> None:
    """What ``taskkill /F /T /PID`` does."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for child in children.read_text().split() if children.exists() else ():
        kill_tree(int(child))
    os.kill(pid, signal.SIGKILL)


def main(arguments: List[str]) -> None:
    """Run what Python's own ``arguments`` name: ``-m module``, ``-c code`` or a file."""
    python, rest = arguments[0], arguments[1:]
    if python == "taskkill":
        kill_tree(int(rest[0]))
        return
    install(python)
    while rest[0] in ("-I", "-u", "-S", "-X"):
        rest = rest[2:] if rest[0] == "-X" else rest[1:]
    if rest[0] == "-c":
        sys.argv = ["-c", *rest[2:]]
        exec(compile(rest[1], "<string>", "exec"), {"__name__": "__main__"})
        return
    sys.path.insert(0, str(ROOT))
    if rest[0] == "-m":
        sys.argv = rest[1:]
        runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
        return
    sys.argv = rest
    runpy.run_path(rest[0], run_name="__main__")


def modules() -> Iterable[str]:
    """The modules of the grader."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "tests" not in parts and parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


if __name__ == "__main__":
    main(sys.argv[1:])
