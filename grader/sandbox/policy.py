"""The examiner's side: which policy a service gets, and its scratch folder made its own."""

import collections
import contextlib
import os
import random
import stat
import sys
import threading
from pathlib import Path
from typing import Deque, List, Optional, Sequence, Tuple

from grader.processes import owners
from grader.sandbox import Policy
from grader.service.scratch import Scratch
from grader.system import linux_helps
from grader.workbook import ROOT

if sys.platform != "win32":  # it needs the C library
    from grader.sandbox.landlock import abi

# Of the system: what an interpreter and its C library read.
SYSTEM_TREES = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt/homebrew")
SYSTEM_PATHS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/mime.types",
    "/etc/protocols",
    "/etc/services",
    "/etc/passwd",
    "/etc/group",
    "/proc/self",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/proc/uptime",
    "/proc/loadavg",
    "/proc/sys/net/core/somaxconn",
    "/sys/devices/system/cpu",
)
# At the end of a service all processes of its user are killed: no other service may have it.
UIDS = (2_000_000, 2_000_000_000)
LATEST = 1_000  # of the users that this process has given, none is given again
_given: Deque[int] = collections.deque(maxlen=LATEST)
_giving = threading.Lock()


def available() -> bool:
    """Whether services are put behind the kernel's walls at all (Linux, not switched off)."""
    return linux_helps()


def make_policy(scratch: Scratch, path: Sequence[str], ports: Sequence[int]) -> Policy:
    """The policy for one service; the scratch folder is given to the user that it becomes.

    Args:
        scratch: the service's folder.
        path: where it imports installed packages from.
        ports: the TCP ports that it may connect to.
    """
    readable = _interpreter_paths(path)
    uid = _own_user()
    entered = [*map(Path, readable), scratch.root]
    keep_reading = uid is not None and not all(map(_open_to_others, entered))
    if keep_reading and abi() == 0:
        uid = None
    if uid is not None:
        _give(scratch.root, uid)
    withheld = [path for path in _withheld() if path not in readable]
    granted = [part for path in (*readable, *SYSTEM_TREES) for part in _without(path, withheld)]
    return Policy(
        readable=(*granted, *SYSTEM_PATHS),
        writable=(str(scratch.root),),
        connect_ports=tuple(ports),
        uid=uid,
        keep_reading=keep_reading,
    )


def _interpreter_paths(path: Sequence[str]) -> List[str]:
    entries = [sys.prefix, sys.base_prefix, sys.exec_prefix, *path]
    return list(dict.fromkeys(os.path.realpath(entry) for entry in entries))


def _withheld() -> List[str]:
    """What is not for submissions, whatever lies around it: the home folder, the workbook."""
    names = ("solutions", "notebooks", "grader", ".git", ".grader")
    inner = [*(ROOT / name for name in names), *ROOT.glob("ex-*")]
    home = os.environ.get("HOME") or "/nonexistent"
    return [os.path.realpath(path) for path in (home, *map(str, inner))]


def _without(path: str, withheld: Sequence[str]) -> List[str]:
    """``path``, or where it holds something withheld, all in it that does not.

    Landlock grants whole trees, and a workbook may lie in one: below /usr/src, for one.
    """
    path = os.path.realpath(path)
    if path in withheld:
        return []
    inside = [other for other in withheld if other.startswith(path.rstrip("/") + "/")]
    if not inside:
        return [path]
    try:
        below = sorted(Path(path).iterdir())
    except OSError:
        return []
    return [part for entry in below for part in _without(str(entry), inside)]


def _own_user() -> Optional[int]:
    """A user that nobody else is, if this process may become one."""
    if os.geteuid() != 0:
        return None
    low, high = UIDS
    first, count = _mapped_users()
    if not first <= low < high <= first + count:
        # A container with few users: its last ones belong to nobody.
        low, high = first + count - 4000, first + count - 2
    return _unused(low, high) if low > first + 1000 else None


def _unused(low: int, high: int) -> int:
    """A user from ``low`` on and below ``high`` that has no process, nor will have one soon."""
    with _giving:
        taken = {*_given, *(user for _, user in owners())}
        uid = random.SystemRandom().randrange(low, high)
        while uid in taken:
            uid = random.SystemRandom().randrange(low, high)
        _given.append(uid)
        return uid


def _mapped_users() -> Tuple[int, int]:
    try:
        fields = Path("/proc/self/uid_map").read_text().split()
        return int(fields[0]), int(fields[2])
    except (OSError, ValueError, IndexError):
        return 0, 0


def _open_to_others(path: Path) -> bool:
    """Whether any user may enter all folders above ``path``."""
    try:
        return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    except OSError:
        return False


def _give(folder: Path, uid: int) -> None:
    """Make ``uid`` the owner of a folder and what is in it.

    It may have been nested, by a submission that is started again, until no path reaches its end:
    what cannot be reached is not given.
    """
    left = [str(folder)]
    os.lchown(left[0], uid, uid)
    while left:
        with contextlib.suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                os.lchown(entry.path, uid, uid)
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
