"""What a service writes to its standard output and error: read, bounded, neutralised."""

import os
import threading
import time
import unicodedata
from typing import Callable

HEAD = 16 * 1024
TAIL = 48 * 1024


def neutralise(text: str) -> str:
    """Text that does nothing to a terminal: control, format and private characters are spelled out.

    Covers escape sequences, carriage returns, and the bidirectional overrides that make text read
    as what it is not (https://trojansource.codes).
    """
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text  # as nearly all text is; told at once
    return "".join(char if _harmless(char) else _spelled(char) for char in text)


def _harmless(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in (
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "Zl",
        "Zp",
    )


def _spelled(char: str) -> str:
    return ascii(char)[1:-1]


def cut(text: str, most: int) -> str:
    """``text``, with its middle left out where it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n[… {len(text) - 2 * half} characters left out …]\n{text[-half:]}"


def clipped(text: str, most: int) -> str:
    """``text`` for the midst of a line: cut to ``most`` characters, the last an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _decoded(data: bytes) -> str:
    """The text of some output, whose lines end in CR LF on Windows."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def one_line(text: str, most: int) -> str:
    """A name, harmless to show: no control characters, no line breaks, bounded."""
    return neutralise(cut(text, most)).replace("\n", "\\n")


class Console:
    """Reads a pipe to its end in a thread of its own and keeps the beginning and the end."""

    def __init__(self, read_fd: int) -> None:
        self._fd = read_fd
        self._head = bytearray()
        self._tail = bytearray()
        self._total = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                data = b""
            with self._changed:
                if data:
                    self._keep(data)
                self._changed.notify_all()
            if not data:
                os.close(self._fd)
                return

    def _keep(self, data: bytes) -> None:
        self._total += len(data)
        room = HEAD - len(self._head)
        self._head += data[:room]
        self._tail += data[room:] if room > 0 else data
        del self._tail[:-TAIL]

    def mark(self) -> int:
        """How many bytes have come so far: a point to look for output after."""
        with self._changed:
            return self._total

    def wait_for_output(
        self, since: int = 0, seconds: float = 2.0, enough: Callable[[str], object] = str.strip
    ) -> str:
        """Wait until what has been written after the mark ``since`` is enough: something visible.

        Returns:
            What was written after the mark, neutralised, at the latest after ``seconds``.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            while not enough(self._after(since)):
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            return neutralise(self._after(since)).strip()

    def _after(self, since: int) -> str:
        kept = bytes(self._head) + bytes(self._tail)
        new = self._total - since
        return _decoded(kept[max(0, len(kept) - new) :]) if new > 0 else ""

    def text(self, most: int = 8000) -> str:
        """All that was written so far, neutralised and cut to ``most`` characters."""
        with self._changed:
            left_out = self._total - len(self._head) - len(self._tail)
            head, tail = bytes(self._head), bytes(self._tail)
        middle = f"\n[… {left_out} bytes left out …]\n".encode() if left_out else b""
        return cut(neutralise(_decoded(head + middle + tail)), most)

    def contains(self, needle: str) -> bool:
        """Whether ``needle`` stands in what is kept of the output."""
        with self._changed:
            return needle.encode() in bytes(self._head + self._tail)

    def join(self, seconds: float) -> None:
        """Wait until the pipe has ended, for ``seconds`` at most."""
        self._thread.join(seconds)
