"""The text report on this process's standard output."""

import os
import shutil
import sys

from grader.reports import text
from grader.scorecard import Scorecard


def print_text(scorecard: Scorecard) -> None:
    """Print the scorecard: in colour on a terminal, in ASCII where nothing else can be shown."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    shown = text.render(scorecard, colour=colour, width=shutil.get_terminal_size().columns)
    try:
        shown.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        shown = text.as_ascii(shown)
    sys.stdout.write(shown)
    sys.stdout.flush()
