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
    return sys.stdout.isatty() and not dumb and not os.environ.get("NO_COLOR")


def say(line: str) -> None:
    """Print a line, in ASCII where nothing else can be shown."""
    print(_showable(line), flush=True)


def _showable(shown: str) -> str:
    try:
        shown.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return text.as_ascii(shown)
    return shown
