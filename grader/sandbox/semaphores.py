"""Semaphores of `multiprocessing` that need no shared memory.

`multiprocessing.pool.ThreadPool` is a pool of threads, but takes a lock that could be shared
between processes, and so wants /dev/shm. Behind the walls there is none, and no second process
either: a lock among threads does all that can be asked of it.
"""

import importlib
import threading
from typing import Any, Optional

RECURSIVE_MUTEX = 0  # as in `multiprocessing.synchronize`


class ThreadSemLock:
    """Stands in for `_multiprocessing.SemLock` within one process."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind, self.maxvalue, self.handle = kind, maxvalue, 0
        self.name: Optional[str] = None  # nothing that somebody has to unlink
        self._semaphore = threading.Semaphore(value)
        self._owner: Optional[int] = None
        self._depth = 0

    def acquire(self, block: bool = True, timeout: Optional[float] = None) -> bool:
        """Take it; see `threading.Semaphore.acquire`."""
        if self.kind == RECURSIVE_MUTEX and self._is_mine():
            self._depth += 1
            return True
        if timeout is not None and timeout <= 0:
            block, timeout = False, None
        taken = self._semaphore.acquire(block, timeout if block else None)
        if taken:
            self._owner = threading.get_ident()
            self._depth += 1
        return taken

    def release(self) -> None:
        """Give it back.

        Raises:
            AssertionError: a recursive lock that is somebody else's.
            ValueError: a semaphore that nobody holds.
        """
        if self.kind == RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
        elif self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._depth -= 1
        if self.kind == RECURSIVE_MUTEX and self._depth:
            return
        self._semaphore.release()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: Any) -> None:
        self.release()

    def _count(self) -> int:
        return self._depth

    def _is_mine(self) -> bool:
        return self._depth > 0 and self._owner == threading.get_ident()

    def _get_value(self) -> int:
        return self._semaphore._value

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _after_fork(self) -> None:
        """There are no forks here."""


def install() -> None:
    """Put it in the place of the one that needs shared memory, where Python has that."""
    try:
        module: Any = importlib.import_module("_multiprocessing")
    except ImportError:
        return
    module.SemLock = ThreadSemLock
