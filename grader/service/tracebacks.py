"""Tracebacks as their author wants to read them: the own lines, not those of the libraries."""

import os
import re
from typing import Iterator, List

_BEGIN = "Traceback (most recent call last):"
# Groups of exceptions are set in with "|" and "+".
_FRAME = re.compile(r'([ |+]*)File "(.*)", line \d+')
_BARS = str.maketrans("|+", "  ")
_LEFT_OUT = "  …"


def own_frames(text: str, folder: str) -> str:
    """``text`` with each traceback in it cut down to the frames of files in ``folder``.

    Args:
        text: what a service wrote.
        folder: the submission's; the paths that are kept are shown as seen from there.
    """
    prefix = folder + os.sep
    return "\n".join(_shortened(text.split("\n"), prefix)).replace(prefix, "")


def is_whole(text: str) -> bool:
    """Whether a traceback stands in ``text`` to its last line, the exception, not set in."""
    _, begin, traceback = text.rpartition(_BEGIN)
    lines = traceback.splitlines()
    return bool(begin and text.endswith("\n") and lines[-1].translate(_BARS)[:1].strip())


def _shortened(lines: List[str], prefix: str) -> Iterator[str]:
    indent = -1  # of the traceback's frames; negative outside of one
    keep = left_out = False
    for line in lines:
        frame = _FRAME.match(line) if indent >= 0 else None
        if line.rstrip().endswith(_BEGIN):
            indent, keep, left_out = 0, True, False
        elif frame is not None:
            indent = len(frame[1])
            keep = frame[2].startswith(prefix)
        elif indent > 0 and line.translate(_BARS)[:indent].strip():
            # The exception itself stands to the left of the frames.
            indent, keep = -1, True
        if keep or indent < 0:
            left_out = False
            yield line
        elif not left_out:
            left_out = True
            yield _LEFT_OUT
