"""A service's console: read to the end, bounded, harmless."""

import os
import threading

from grader.service.console import HEAD, TAIL, Console, cut, neutralise


def console_of(data: bytes) -> Console:
    read, write = os.pipe()
    console = Console(read)
    with os.fdopen(write, "wb") as writer:
        writer.write(data)
    console.join(5)
    return console


def test_text_comes_through() -> None:
    assert console_of("grüße\n".encode()).text() == "grüße\n"


def test_control_and_bidirectional_characters_are_spelled_out() -> None:
    assert neutralise("\x1b[2Ja\rb\u202ec\x00") == "\\x1b[2Ja\\rb\\u202ec\\x00"
    assert neutralise("tab\tand\nline") == "tab\tand\nline"


def test_a_flood_is_kept_at_its_beginning_and_its_end() -> None:
    console = console_of(b"first" + b"x" * 2_000_000 + b"last")
    text = console.text(HEAD + TAIL + 200)
    assert text.startswith("first")
    assert text.endswith("last")
    assert "bytes left out" in text
    assert len(text) < HEAD + TAIL + 200


def test_output_is_waited_for_by_event_not_by_time() -> None:
    read, write = os.pipe()
    console = Console(read)
    os.write(write, b"start\n")
    assert console.wait_for_output(seconds=5) == "start"
    mark = console.mark()
    threading.Timer(0.05, lambda: os.write(write, b"hello\n")).start()
    assert console.wait_for_output(since=mark, seconds=5) == "hello"
    assert console.wait_for_output(since=console.mark(), seconds=0.05) == ""
    os.close(write)


def test_long_text_loses_its_middle() -> None:
    assert cut("a" * 10, 20) == "a" * 10
    assert cut("ab" * 100, 10).startswith("ababa\n[… 190 characters left out …]\n")
