"""Single keys from a terminal, without waiting for enter; nothing where there is no terminal."""

import contextlib
import os
import sys
import threading
from typing import Callable, Iterator


@contextlib.contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """Call ``pressed`` with each key while the context lasts; then the terminal is as before."""
    if not sys.stdin.isatty():
        yield
        return
    stop = threading.Event()
    if os.name == "nt":
        threading.Thread(target=_read_windows, args=(pressed, stop), daemon=True).start()
        try:
            yield
        finally:
            stop.set()
        return
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    reader = threading.Thread(target=_read_posix, args=(fd, pressed, stop), daemon=True)
    try:
        tty.setcbreak(fd)
        reader.start()
        yield
    finally:
        stop.set()
        reader.join(1)
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _read_posix(fd: int, pressed: Callable[[str], None], stop: threading.Event) -> None:
    import select

    while not stop.is_set():
        if select.select([fd], [], [], 0.2)[0]:
            data = os.read(fd, 1)
            if not data:
                return
            pressed(data.decode("ascii", "replace"))


def _read_windows(pressed: Callable[[str], None], stop: threading.Event) -> None:
    import importlib

    # By name, since its functions are declared on Windows alone.
    msvcrt = importlib.import_module("msvcrt")
    while not stop.wait(0.05):
        while msvcrt.kbhit():
            pressed(msvcrt.getwch())
