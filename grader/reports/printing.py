"""The text report, and other lines, on this process's standard output."""

import os
import shutil
import sys

from grader.reports import text
from grader.scorecard import Scorecard


def print_text(scorecard: Scorecard, standing: str = "", *, watched: bool = False) -> None:
    """Print the scorecard: in colour on a terminal, in ASCII where nothing else can be shown.

    Args:
        scorecard: the result.
        standing: a line on all tickets, to stand at the end.
        watched: whether a save grades anew, and a key gives the hint.
    """
    width = shutil.get_terminal_size().columns
    shown = text.render(
        scorecard, colour=has_colour(), width=width, standing=standing, watched=watched
    )
    sys.stdout.write(_showable(shown))
    sys.stdout.flush()


def has_colour() -> bool:
    """Whether standard output shows colours, and is wanted to (see https://no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    wanted = sys.stdout.isatty() and not dumb and not os.environ.get("NO_COLOR")
    return wanted and (os.name != "nt" or _console_takes_escapes())


def _console_takes_escapes() -> bool:
    """Let Windows' console take escape sequences, which it shows as text until it is asked to.

    https://learn.microsoft.com/windows/console/setconsolemode
    """
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]  # on Windows alone
    output = kernel.GetStdHandle(ctypes.c_uint32(-11 & 0xFFFFFFFF))
    mode = ctypes.c_uint32()
    if not kernel.GetConsoleMode(ctypes.c_void_p(output), ctypes.byref(mode)):
        return False
    return bool(kernel.SetConsoleMode(ctypes.c_void_p(output), mode.value | 0x0004))


def say(line: str) -> None:
    """Print a line, in ASCII where nothing else can be shown."""
    print(_showable(line), flush=True)


def _showable(shown: str) -> str:
    try:
        shown.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return text.as_ascii(shown)
    return shown
