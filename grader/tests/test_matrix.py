"""The matrix finds the Pythons, copies the project, and compares what they print."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader import matrix
from grader.errors import UsageError
from grader.interpreters import interpreters, listed_by_launcher, look_at

TABLE = """PROJ-101 · Lead ingestion

                   AC1  AC2
reference           ✓    ✓
rejected/role_case  ✓    ✗
    UNEXPECTED: AC2 is failed
accepted/starlette  {}

seed 7 · all as expected
"""


def test_this_python_is_among_the_interpreters() -> None:
    assert "{}.{}".format(*sys.version_info) in [each.name for each in interpreters()]


def test_an_environments_python_and_what_is_none_are_no_interpreters(tmp_path: Path) -> None:
    made = [sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "inner")]
    subprocess.run(made, check=True)
    inner = tmp_path / "inner" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    assert look_at(inner) is None
    assert look_at(tmp_path / "none") is None
    assert look_at(tmp_path) is None


def test_what_windows_launcher_lists_is_read() -> None:
    text = (
        " -V:3.12 *        C:\\Program Files\\Python 312\\python.exe\r\n"
        " -V:3.8           D:\\py38\\python.exe\r\n"
    )
    found = [str(path) for path in listed_by_launcher(text)]
    assert found == ["C:\\Program Files\\Python 312\\python.exe", "D:\\py38\\python.exe"]


def test_a_python_that_is_not_here_is_told() -> None:
    with pytest.raises(UsageError, match=r"no Python 2\.1 here; there are .*3\."):
        matrix.chosen(["2.1"])


def test_verdicts_are_read_from_the_table_and_compared() -> None:
    one = matrix.read_verdicts(TABLE.format("✓    ✓"))
    assert one == {
        "PROJ-101 reference": "✓ ✓",
        "PROJ-101 rejected/role_case": "✓ ✗",
        "PROJ-101 accepted/starlette": "✓ ✓",
    }
    skipped = matrix.read_verdicts(TABLE.format("skipped: needs starlette"))
    assert matrix.differences({"3.8": one, "3.13": one, "3.9": skipped}) == []
    other = matrix.read_verdicts(TABLE.format("✓    ✗"))
    assert matrix.differences({"3.8": one, "3.13": other}) == [
        "PROJ-101 accepted/starlette: ✓ ✓ (3.8); ✓ ✗ (3.13)"
    ]
    missing = {name: marks for name, marks in one.items() if "role_case" not in name}
    assert len(matrix.differences({"3.8": one, "3.13": missing})) == 1


def test_of_a_run_that_is_not_green_the_unexpected_rows_are_told() -> None:
    told = matrix.telling_words([*TABLE.splitlines(), *["accepted/other      ✓    ✓"] * 40])
    assert told.startswith("rejected/role_case  ✓    ✗\n    UNEXPECTED: AC2 is failed\naccepted/")
    assert len(told.splitlines()) == 7
    assert len(matrix.telling_words(["a line of the installer"] * 40).splitlines()) == 30


def test_the_copy_is_what_a_clone_would_be(tmp_path: Path) -> None:
    matrix.copy_project(tmp_path)
    assert (tmp_path / "ex-1" / ".acceptance" / "test_leads.py").is_file()
    assert (tmp_path / "grader" / "matrix.py").is_file()
    assert not (tmp_path / ".venv").exists()
    assert not (tmp_path / ".git").exists()
