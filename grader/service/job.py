"""Windows' job objects: every process in one ends with it.

https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

import ctypes
import subprocess
from typing import Any

_EXTENDED_LIMIT_INFORMATION = 9  # JobObjectExtendedLimitInformation
_KILL_ON_JOB_CLOSE = 0x2000


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, with the structures in it laid out flat."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("smallest_set", ctypes.c_size_t),
        ("largest_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class Job:
    """A job whose processes end when it does, also by the grader's own end.

    Raises:
        OSError: Windows refuses it.
    """

    def __init__(self) -> None:
        self._kernel = _kernel()
        self._handle = self._made(self._kernel.CreateJobObjectW(None, None))
        limits = _Limits(flags=_KILL_ON_JOB_CLOSE)
        self._made(
            self._kernel.SetInformationJobObject(
                self._handle,
                _EXTENDED_LIMIT_INFORMATION,
                ctypes.byref(limits),
                ctypes.sizeof(limits),
            )
        )

    def take(self, process: "subprocess.Popen[bytes]") -> None:
        """Put a process, and what it will start, into the job.

        Raises:
            OSError: Windows refuses it.
        """
        handle = int(process._handle)  # type: ignore[attr-defined]  # Windows alone has it
        self._made(self._kernel.AssignProcessToJobObject(self._handle, handle))

    def end(self) -> None:
        """End all its processes."""
        self._kernel.TerminateJobObject(self._handle, 1)
        self._kernel.CloseHandle(self._handle)

    def _made(self, result: Any) -> Any:
        if not result:
            raise OSError("Windows refuses the job object")
        return result


def _kernel() -> Any:
    library = getattr(ctypes, "WinDLL", None)
    if library is None:
        raise OSError("there are no job objects here")
    kernel = library("kernel32", use_last_error=True)
    handle = ctypes.c_void_p
    kernel.CreateJobObjectW.restype = handle
    kernel.CreateJobObjectW.argtypes = (handle, ctypes.c_wchar_p)
    information = (handle, ctypes.c_int, handle, ctypes.c_uint32)
    kernel.SetInformationJobObject.argtypes = information
    kernel.AssignProcessToJobObject.argtypes = (handle, handle)
    kernel.TerminateJobObject.argtypes = (handle, ctypes.c_uint)
    kernel.CloseHandle.argtypes = (handle,)
    return kernel
