"""The first run: the environment that it makes, and what it says where it cannot make one."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Dict, List, Optional

import pytest

from grader import bootstrap, environment, requirements
from grader.environment import VERSION, BootstrapError, Environment
from grader.interpreters import interpreters
from grader.workbook import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project without its environment, as a clone of it is."""
    folder = tmp_path / "a clone ü"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "tests", "solutions", "notebooks")
    shutil.copytree(str(ROOT), str(folder), ignore=left_out)
    return folder


@pytest.fixture
def small_clone(clone: Path, tmp_path: Path) -> Path:
    """A clone whose only requirement lies on this machine, and whose command tells where it ran."""
    (clone / "requirements.txt").write_text("tiny>=1.0\n")
    (clone / "grader" / "cli.py").write_text(
        "import sys\nfrom pathlib import Path\n\ndef main(arguments):\n    import tiny\n"
        "    print('ran in', Path(sys.prefix).name, arguments)\n    return 0\n"
    )
    information = "tiny-1.0.dist-info"
    with zipfile.ZipFile(tmp_path / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr(
            f"{information}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{information}/RECORD", "")
    return clone


def start(
    clone: Path, variables: Dict[str, str], python: Optional[Path] = None
) -> "subprocess.Popen[str]":
    """Run the grader with no other source of packages than ``clone``'s parent.

    By the environment's ``python``, or else by one that sees no packages (-S).
    """
    links = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(clone.parent)}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python)] if python is not None else [sys.executable, "-S"]
    return subprocess.Popen(
        [*command, "-m", "grader", "ex-1"],
        cwd=str(clone),
        env={**inherited, **links, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def first_run(clone: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the grader to its end."""
    process = start(clone, variables)
    output, errors = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def test_two_first_runs_at_once_make_one_environment_whatever_pip_is_set_to(
    small_clone: Path,
) -> None:
    stray = {"PIP_USER": "1", "PIP_TARGET": str(small_clone / "elsewhere"), "PIP_QUIET": "3"}
    runs = [start(small_clone, {**stray, "HOME": ""}) for _ in range(2)]
    words = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], words
    assert [output for output, _ in words] == ["ran in .venv ['ex-1']\n"] * 2
    said = "".join(errors for _, errors in words)
    assert said.count("First run") == 1
    assert not (small_clone / "elsewhere").exists()
    # Nothing is looked at again, and no pip runs: not even the folder needs to be writable.
    again = first_run(small_clone)
    assert (again.returncode, again.stderr) == (0, "")


def test_an_environment_without_pip_or_a_package_is_completed(small_clone: Path) -> None:
    made = [sys.executable, "-m", "venv", "--without-pip", str(small_clone / ".venv")]
    subprocess.run(made, check=True)
    # A program that this system cannot have, as PostgreSQL on some, stops nothing.
    (small_clone / "requirements.txt").write_text("tiny>=1.0\nserver==3; python_version > '3'\n")
    done = first_run(small_clone)
    assert done.stdout == "ran in .venv ['ex-1']\n", done.stderr
    assert "no server for this system" in done.stderr
    assert "First run" not in done.stderr, "an environment that runs is kept"
    inner = Environment(small_clone / ".venv").python
    uninstall = [str(inner), "-m", "pip", "uninstall", "-y", "-q", "tiny"]
    subprocess.run(uninstall, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process = start(small_clone, {}, inner)
    output, errors = process.communicate(timeout=60)
    assert output == "ran in .venv ['ex-1']\n", errors


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_an_interrupted_first_run_leaves_nothing_half_made(small_clone: Path) -> None:
    process = start(small_clone, {})
    assert process.stderr is not None  # it is a pipe
    assert "First run" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, "Interrupted.\n")
    assert not (small_clone / ".venv").exists()


def test_without_a_network_it_says_what_to_run(clone: Path) -> None:
    # With pip, and without the seconds that adding it takes.
    made = [sys.executable, "-m", "venv", "--without-pip", "--system-site-packages"]
    subprocess.run([*made, str(clone / ".venv")], check=True)
    done = first_run(clone)
    assert done.returncode == 3
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


def test_in_a_folder_that_cannot_be_written_it_says_where_else(clone: Path) -> None:
    # A file in the place of the folder: what root cannot write either.
    with pytest.raises(BootstrapError, match="python -m venv DIR"):
        Environment(clone / "requirements.txt" / ".venv").provide([clone / "requirements.txt"])


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7"])
def test_a_python_that_is_too_old_is_told_so(version: str) -> None:
    found = [each for each in interpreters() if each.name == version]
    if not found:
        pytest.skip(f"there is no Python {version} here")
    done = subprocess.run(
        [str(found[0].python), "-B", "-m", "grader", "ex-1"],
        cwd=str(ROOT),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith(
        b"The grader needs Python 3.8 or newer; this is " + version.encode()
    )
    assert done.stderr.count(b"\n") == 1


def other_environment(root: Path, version: str, *, runs: bool) -> None:
    """What another Python, or another program, has left as .venv."""
    python = Environment(root / ".venv").python
    python.parent.mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").write_text(f"home = /nowhere\nversion = {version}\n")
    if runs:
        python.write_text("")


@pytest.mark.parametrize(
    ("version", "runs", "name"),
    [
        (VERSION + ".1", True, ".venv"),
        ("3.1.4", True, f".venv-{VERSION}"),
        ("3.1.4", False, ".venv"),
    ],
    ids=["of this version", "of another version", "of a Python that is gone"],
)
def test_each_version_of_python_has_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, runs: bool, name: str
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert Environment.of_this_python().folder == tmp_path / ".venv"
    other_environment(tmp_path, version, runs=runs)
    assert Environment.of_this_python().folder == tmp_path / name


def test_a_folder_that_is_no_environment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / ".venv").mkdir()
    assert Environment.of_this_python().folder == tmp_path / f".venv-{VERSION}"


def test_an_environment_that_has_the_packages_is_used_as_it_is() -> None:
    assert requirements.unmet(bootstrap.needed_files(["selftest"])) == []


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("Tiny_Package>=1.2", []),
        ("tiny-package>=1.10", ["tiny-package>=1.10"]),
        ("tiny-package>=2", ["tiny-package>=2"]),
        ("pytest-xdist>=99", ["pytest-xdist>=99"]),
        ("json>=1  # a module without a package's folder", []),
        ("no-such-package>=1", ["no-such-package>=1"]),
        ('no-such-package>=1; python_version < "3.8"', []),
        ("# no-such-package>=1", []),
    ],
)
def test_what_is_missing_or_too_old_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, missing: List[str]
) -> None:
    (tmp_path / "tiny_package-1.9.3b2.dist-info").mkdir()
    (tmp_path / "requirements.txt").write_text(line + "\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert requirements.unmet([tmp_path / "requirements.txt"]) == missing


def test_selftest_needs_its_tools_too() -> None:
    files = [path.relative_to(ROOT).as_posix() for path in bootstrap.needed_files(["selftest"])]
    assert files == ["requirements.txt", "grader/tests/requirements.txt"]
