"""Who the process is: another user without capabilities (capabilities(7), prctl(2))."""

import contextlib
import ctypes
import os
import signal

from grader.sandbox.libc import prctl, syscall

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2

CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}


def no_new_privileges() -> bool:
    """Let no program that is run gain rights (setuid bits count no more)."""
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    except OSError:
        return False
    return True


def become(uid: int, *, keep_reading: bool) -> None:
    """Become another user, for good, with no capability but reading if ``keep_reading``.

    Reading is kept only where the interpreter lies in a folder that is closed to others (root's
    home); Landlock says then what may be read.
    """
    if keep_reading:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    drop_capabilities(keep_reading=keep_reading)
    # Both are lost with a change of user.
    prctl(PR_SET_DUMPABLE, 1)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def drop_capabilities(*, keep_reading: bool) -> None:
    """Give up all capabilities, but for reading if ``keep_reading``.

    That one is ambient: a program that the service starts, another Python say, reads as it does.
    """
    number = SYS_CAPSET.get(os.uname().machine)
    if number is None:
        return
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading else 0
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)
    syscall(number, ctypes.byref(header), ctypes.byref(data))
    if keep_reading:
        with contextlib.suppress(OSError):  # a kernel before 4.3
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH)
