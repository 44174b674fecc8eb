"""What somebody waits for under the driven clock: a bell that the timeline rings."""

import contextlib
import socket
import threading


class Bell:
    """What a thread waits for; ringing twice is ringing once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self.wait = self._lock.acquire

    def release(self) -> None:
        """Wake the thread (called `release` because `Condition.notify` calls it)."""
        with contextlib.suppress(RuntimeError):  # rung before
            self._lock.release()


class SocketBell:
    """A bell that a selector hears."""

    def __init__(self) -> None:
        self.ear, self._hammer = socket.socketpair()
        self.ear.setblocking(False)
        self._hammer.setblocking(False)

    def ring(self) -> None:
        """Wake the selector."""
        with contextlib.suppress(OSError):  # it is full of rings already
            self._hammer.send(b"!")

    def hush(self) -> None:
        """Forget the rings so far."""
        with contextlib.suppress(BlockingIOError):
            self.ear.recv(64)
