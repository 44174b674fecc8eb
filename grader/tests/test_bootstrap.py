"""The first run: what it says where no environment can be made. (The happy way is .ci/run's.)"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import bootstrap
from grader.workbook import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project without its environment, as a clone of it is."""
    folder = tmp_path / "a clone"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "tests", "solutions", "notebooks")
    shutil.copytree(str(ROOT), str(folder), ignore=left_out)
    return folder


def first_run(clone: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run the grader by a Python that sees no packages (-S)."""
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", **env}
    environment.pop("PYTHONPATH", None)
    environment.update(env)
    return subprocess.run(
        [sys.executable, "-S", "-m", "grader", "ex-1"],
        cwd=str(clone),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_without_a_network_it_says_what_to_run(clone: Path) -> None:
    done = first_run(clone)
    assert done.returncode == 3
    assert "First run: making an environment in .venv" in done.stderr
    assert "is there a network" in done.stderr.splitlines()[-1]
    assert "pip install -r" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_without_the_venv_module_it_says_how_to_get_it(clone: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "venv.py").write_text("raise SystemExit('ensurepip is not available')\n")
    done = first_run(clone, PYTHONPATH=str(broken))
    assert done.returncode == 3
    assert "python3-venv" in done.stderr.splitlines()[-1]
    assert not (clone / ".venv").exists(), "half an environment was left behind"


def test_in_a_folder_that_cannot_be_written_it_says_where_else(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file in the place of the folder: what root cannot write either.
    monkeypatch.setattr(bootstrap, "ROOT", clone / "requirements.txt")
    with pytest.raises(bootstrap.BootstrapError, match="python -m venv DIR"):
        bootstrap._run_in_environment([], ())


def test_an_environment_that_has_the_packages_is_used_as_it_is() -> None:
    assert bootstrap._missing(bootstrap._needs([])) == []


def test_selftest_needs_its_tools_too() -> None:
    files = [path.relative_to(ROOT).as_posix() for path, _ in bootstrap._needs(["selftest"])]
    assert files == ["requirements.txt", "grader/tests/requirements.txt"]


def test_every_requirement_is_looked_for() -> None:
    named = {"psycopg2-binary": "psycopg2", "email-validator": "email_validator"}
    named["pytest-xdist"] = "xdist"
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        name = line.split(">")[0].strip()
        if ">=" in line and ";" not in line:
            assert named.get(name, name) in bootstrap.RUN
