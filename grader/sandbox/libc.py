"""The C library, and its errors as OSError."""

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *arguments: object) -> int:
    """Make a system call (syscall(2)).

    Raises:
        OSError: it failed.
    """
    result: int = _LIBC.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def prctl(option: int, *values: int) -> None:
    """Operate on the process (prctl(2)).

    Raises:
        OSError: it failed.
    """
    arguments = [ctypes.c_ulong(value) for value in values]
    arguments += [ctypes.c_ulong(0)] * (4 - len(arguments))
    if _LIBC.prctl(ctypes.c_int(option), *arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
