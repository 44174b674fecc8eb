"""The command line as a person uses it: in a process of its own, with real exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Optional

import pytest

from grader.workbook import ROOT

REFERENCE = "solutions/ex-1/main.py"
# Not ex-1/main.py, which the learner edits.
STUB = "ex-1/.acceptance/stub.py"


def run(
    *arguments: str, cwd: Optional[Path] = None, **env: str
) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=str(cwd or ROOT),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_the_stub_gets_nothing_and_is_told_what_to_do_next() -> None:
    done = run("ex-1", "--from", STUB)
    assert done.returncode == 1
    assert "0/100" in done.stdout
    assert "Next: AC1" in done.stdout
    assert done.stderr == ""


def test_the_reference_gets_everything_from_any_folder(tmp_path: Path) -> None:
    done = run("ex-1", "--from", str(ROOT / REFERENCE), cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "100/100" in done.stdout


def test_json_is_one_document_and_nothing_else(tmp_path: Path) -> None:
    noisy = tmp_path / "noisy name é.py"
    noisy.write_text("print('{}' * 1000)\nimport os\nos.write(2, b'x' * 100)\napp = 3\n")
    done = run("1", "--from", str(noisy), "--format", "json", "--seed", "184")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["schema"], document["seed"], document["score"]) == (1, 184, 0)
    assert document["exercises"][0]["problem"]["kind"] == "no_app"
    assert {c["verdict"] for c in document["exercises"][0]["criteria"]} == {"blocked"}


def test_a_report_is_written_to_a_file(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = run("ex-1", "--only", "AC4", "--format", "json", "--output", str(report))
    assert done.stdout == ""
    assert json.loads(report.read_text(encoding="utf-8"))["max_score"] == 25


USAGE = {
    "unknown exercise": (["ex-7"], "no exercise 'ex-7'"),
    "unknown exercise, near": (["exx-3"], "Did you mean ex-3?"),
    "unknown command, near": (["wach"], "Did you mean python -m grader watch?"),
    "unknown option": (["ex-1", "--frm", "x"], "Did you mean --from?"),
    "unknown criterion": (["ex-1", "--only", "AC9"], "no criterion 'AC9'"),
    "unknown format": (["ex-1", "--format", "pdf"], "invalid choice: 'pdf'"),
    "no seed": (["ex-1", "--seed", "x"], "'x' is not a whole number"),
    "no such path": (
        ["ex-1", "--from", "no/such/thing.py"],
        f"no file or folder {Path('no/such/thing.py')}",
    ),
    "not Python": (["ex-1", "--from", "README.md"], "not a Python file"),
    "from for all": (["--from", REFERENCE], "--from needs one exercise"),
    "output": (["ex-1", "--output", "/no/such/folder/x"], "cannot be written"),
    "NUL": (["ex-1", "--from", "a\n\x1b[31mb.py"], "a\\n\\x1b[31mb.py"),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_is_one_sentence_and_exit_2(name: str) -> None:
    arguments, told = USAGE[name]
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1, "more than one line: " + done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_empty_folders_fifos_and_closed_folders_are_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(str(tmp_path / "pipe.py"))
    for name, told in (("empty", "is empty"), ("pipe.py", "neither a regular file nor a folder")):
        done = run("ex-1", "--from", str(tmp_path / name))
        assert done.returncode == 2
        assert told in done.stderr
        assert done.stderr.count("\n") == 1
    if os.geteuid() != 0:  # root reads everything
        (tmp_path / "empty").chmod(0)
        done = run("ex-1", "--from", str(tmp_path / "empty"))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_console_without_utf_8_is_no_traceback() -> None:
    done = run("ex-1", "--from", STUB, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "x AC1" in done.stdout


def test_doctor_marks_what_is_missing() -> None:
    done = run("doctor", GRADER_PORTABLE="1")
    assert done.returncode == 0, done.stdout
    assert "! Walls" in done.stdout
    assert "✓ Python" in done.stdout


def test_doctor_says_what_works() -> None:
    done = run("doctor")
    assert done.returncode == 0, done.stdout
    for name in ("Python", "Packages", "Services"):
        assert name in done.stdout
