"""`multiprocessing` without shared memory, of which there is none behind the walls.

Its locks are made from pipes, which a forked process has in common with its parent: the bytes in
the pipe are what the semaphore counts. A process that is started anew would have to find them by a
name in shared memory, so all of its ways to start a process are forks.
"""

import array
import contextlib
import fcntl
import importlib
import os
import selectors
import termios
import threading
import time
from typing import Any, Optional

RECURSIVE_MUTEX = 0  # as in `multiprocessing.synchronize`
# A pipe holds more; whoever asks for more than this wants no bound (a queue without a size).
UNBOUNDED = 4096


class PipeSemLock:
    """Stands in for `_multiprocessing.SemLock`: the same methods, the same errors."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind, self.maxvalue, self.handle = kind, maxvalue, 0
        self.name: Optional[str] = None  # nothing that somebody has to unlink
        self._value = value
        self._bounded = value <= UNBOUNDED
        self._depth = 0
        self._owner: Optional[int] = None
        self._out, self._in = os.pipe()
        for end in (self._out, self._in):
            os.set_blocking(end, False)
        os.write(self._in, bytes(value if self._bounded else 0))

    def __del__(self) -> None:
        for end in (self._out, self._in):
            with contextlib.suppress(OSError):
                os.close(end)

    def acquire(self, block: bool = True, timeout: Optional[float] = None) -> bool:
        """Take it; wait, where it is to be waited, so many seconds or for ever."""
        if self.kind == RECURSIVE_MUTEX and self._is_mine():
            self._depth += 1
            return True
        deadline = None if timeout is None else time.monotonic() + max(0.0, timeout)
        while not self._take():
            left = None if deadline is None else deadline - time.monotonic()
            if not block or (left is not None and left <= 0):
                return False
            with selectors.DefaultSelector() as selector:
                selector.register(self._out, selectors.EVENT_READ)
                selector.select(left)
        self._depth += 1
        self._owner = threading.get_ident()
        return True

    def _take(self) -> bool:
        if not self._bounded:
            return True
        try:
            return bool(os.read(self._out, 1))
        except BlockingIOError:  # somebody else was faster
            return False

    def release(self) -> None:
        """Give it back.

        Raises:
            AssertionError: a recursive lock that is somebody else's.
            ValueError: a semaphore that nobody holds.
        """
        if self.kind == RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._depth > 1:
                self._depth -= 1
                return
        elif self._bounded and self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._depth -= 1
        if self._bounded:
            os.write(self._in, b"\0")

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: Any) -> None:
        self.release()

    def _count(self) -> int:
        return self._depth

    def _is_mine(self) -> bool:
        return self._depth > 0 and self._owner == threading.get_ident()

    def _get_value(self) -> int:
        if not self._bounded:
            return self._value
        size = array.array("i", [0])
        fcntl.ioctl(self._out, termios.FIONREAD, size)
        return size[0]

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _after_fork(self) -> None:
        self._depth = 0


def install() -> None:
    """Put them in the place of those that need shared memory, where Python has these."""
    try:
        module: Any = importlib.import_module("_multiprocessing")
        contexts: Any = importlib.import_module("multiprocessing.context")
    except ImportError:
        return
    module.SemLock = PipeSemLock
    fork = contexts._concrete_contexts["fork"]
    for name in contexts._concrete_contexts:
        contexts._concrete_contexts[name] = fork
    contexts._default_context._default_context = fork
