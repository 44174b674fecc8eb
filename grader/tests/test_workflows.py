"""The workflows as text: what linters find in them, and what must never stand there."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

import pytest
import yaml

from grader.workbook import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


def program(name: str) -> str:
    """A linter that lies beside this Python, or is installed elsewhere."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (it has no package for this system or Python)")
    return found


def read(path: Path) -> Dict[Any, Any]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def test_actionlint_finds_nothing() -> None:
    files = [str(path) for path in WORKFLOWS]
    # shellcheck and pyflakes of the machine are left aside: elsewhere there are others, or none.
    command = [program("actionlint"), "-no-color", "-shellcheck=", "-pyflakes=", *files]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.stdout + done.stderr == ""


def test_zizmor_finds_nothing() -> None:
    command = [program("zizmor"), "--offline", "--no-progress", "--quiet", str(ROOT / ".github")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_a_workflow_may_read_and_nothing_else(path: Path) -> None:
    workflow = read(path)
    triggers = workflow[True]  # YAML 1.1 reads `on` so
    assert "pull_request_target" not in triggers
    assert "workflow_run" not in triggers
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert "timeout-minutes" in job
    assert "secrets." not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_no_expression_stands_in_a_script_and_no_token_stays(path: Path) -> None:
    for job in read(path)["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


def test_the_projects_own_tests_run_on_every_system_and_python() -> None:
    matrix = read(FOLDER / "ci.yml")["jobs"]["selftest"]["strategy"]["matrix"]
    assert matrix["python"] == [f"3.{minor}" for minor in range(8, 16)]
    assert [os.split("-")[0] for os in matrix["os"]] == ["ubuntu", "windows", "macos"]
