"""Tracebacks are cut down to the lines of their author."""

import os

import pytest

from grader.service.tracebacks import is_whole, own_frames

FOLDER = "/scratch/submission"
WRITTEN = f"""INFO:     started
Traceback (most recent call last):
  File "/libraries/uvicorn/protocols.py", line 409, in run_asgi
    result = await app(
             ^^^^^^^^^^
  File "/libraries/fastapi/routing.py", line 3, in run
    return await call()
  File "{FOLDER}{os.sep}main.py", line 24, in create_lead
    domain = email.split("@")[1]
             ~~~~~~~~~~~~~~~~^^^
  File "{FOLDER}{os.sep}app/rules.py", line 2, in rule
    look()
  File "/usr/lib/python3/json.py", line 2, in loads
    raise ValueError
ValueError: no domain
    of any kind

The service goes on.
  File "/libraries/not/a/traceback.py", line 1
"""
SHOWN = """INFO:     started
Traceback (most recent call last):
  …
  File "main.py", line 24, in create_lead
    domain = email.split("@")[1]
             ~~~~~~~~~~~~~~~~^^^
  File "app/rules.py", line 2, in rule
    look()
  …
ValueError: no domain
    of any kind

The service goes on.
  File "/libraries/not/a/traceback.py", line 1
"""


def test_the_frames_of_libraries_are_left_out() -> None:
    assert own_frames(WRITTEN, FOLDER) == SHOWN


def test_an_error_in_a_library_alone_keeps_its_last_line() -> None:
    text = 'Traceback (most recent call last):\n  File "/lib/a.py", line 1, in f\n    g()\nError: x'
    assert own_frames(text, FOLDER) == "Traceback (most recent call last):\n  …\nError: x"


def test_text_without_a_traceback_stays_as_it_is() -> None:
    for text in ("", "\n", "a\n\n  b", "Traceback (most recent call last):", "x\nTraceback: no"):
        assert own_frames(text, FOLDER) == text


def test_groups_of_exceptions_keep_their_own_lines() -> None:
    text = (
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "/lib/a.py", line 1, in f\n'
        "  |     g()\n"
        "  | ExceptionGroup: two (1 sub-exception)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Traceback (most recent call last):\n"
        f'    |   File "{FOLDER}{os.sep}main.py", line 1, in f\n'
        "    |     g()\n"
        "    | ValueError: x\n"
        "    +------------------------------------"
    )
    shown = own_frames(text, FOLDER)
    assert "/lib/a.py" not in shown
    assert shown.count("g()") == 1
    for part in ('File "main.py", line 1', "ValueError: x", "ExceptionGroup: two"):
        assert part in shown


LOGGED = WRITTEN[: WRITTEN.index("    of any kind")]


def test_a_traceback_is_whole_when_its_exception_stands_there() -> None:
    assert is_whole(LOGGED)


@pytest.mark.parametrize("end", ["INFO:     started\n", "  File", "look()\n", "ValueError: no dom"])
def test_what_is_still_being_written_is_not_whole(end: str) -> None:
    assert not is_whole(LOGGED[: LOGGED.index(end) + len(end)])
