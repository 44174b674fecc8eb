"""What opens, templates and teaches around the code: each names only what is there."""

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any, Dict, List, Sequence

import pytest
import yaml

from grader.commands import COMMANDS
from grader.grading import grade
from grader.mistakes import with_known_mistake
from grader.service.launcher import Launcher
from grader.workbook import EXERCISE_IDS, ROOT, Exercise, Request, exercises, find_exercise

GITHUB = ROOT / ".github"


def read_json(name: str) -> Any:
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def core_points() -> Dict[str, int]:
    """The points of each core criterion: "ex-1 AC1"."""
    return {
        f"{exercise.id} {criterion.id}": criterion.points
        for exercise in exercises()
        for criterion in exercise.ticket().criteria
        if criterion.kind == "core"
    }


def test_classroom_gives_the_points_of_the_tickets() -> None:
    job = read_yaml(GITHUB / "classroom" / "classroom.yml")["jobs"]["run-autograding-tests"]
    graded = [step for step in job["steps"] if "command-grader" in step.get("uses", "")]
    points = {step["with"]["test-name"]: step["with"]["max-score"] for step in graded}
    assert points == core_points()
    for step in graded:
        exercise, criterion = step["with"]["test-name"].split()
        assert step["with"]["command"] == f"python -m grader {exercise} --only {criterion}"


def test_classroom_reports_every_step() -> None:
    job = read_yaml(GITHUB / "classroom" / "classroom.yml")["jobs"]["run-autograding-tests"]
    names = [step["id"] for step in job["steps"] if "id" in step]
    report = job["steps"][-1]
    assert report["with"]["runners"].split(",") == names
    expected = {f"{n.upper()}_RESULTS": f"${{{{steps.{n}.outputs.result}}}}" for n in names}
    assert report["env"] == expected


def test_the_table_of_points_is_that_of_the_tickets() -> None:
    text = (GITHUB / "AUTOGRADING.md").read_text(encoding="utf-8")
    found = {}
    for exercise, cells in re.findall(r"^\| (ex-\d) \|(.*)\|$", text, re.MULTILINE):
        for number, cell in enumerate(cells.split("|"), 1):
            if cell.strip():
                found[f"{exercise} AC{number}"] = int(cell)
    assert found == core_points()


def test_an_editor_hides_the_hidden_tests_and_finds_the_projects_own() -> None:
    settings = read_json(".vscode/settings.json")
    assert settings["files.exclude"]["**/.acceptance"] is True
    assert settings["python.testing.pytestEnabled"] is True
    assert all((ROOT / path).is_dir() for path in settings["python.testing.pytestArgs"])


def test_a_codespace_opens_with_the_ticket_and_the_stub() -> None:
    container = read_json(".devcontainer/devcontainer.json")
    opened = container["customizations"]["codespaces"]["openFiles"]
    assert opened == ["ex-1/README.md", "ex-1/main.py"]
    words = shlex.split(container["postCreateCommand"])
    files = [words[i + 1] for i, word in enumerate(words) if word == "-r"]
    assert files == ["requirements.txt", "grader/tests/requirements.txt"]
    assert all((ROOT / file).is_file() for file in files)


def grader_commands(words: Sequence[str]) -> List[str]:
    return [w for before, w in zip(words, words[1:]) if before == "grader"]


def test_tasks_and_documents_name_commands_that_are_there() -> None:
    known = {*COMMANDS, *EXERCISE_IDS, "${relativeFileDirname}"}
    for task in read_json(".vscode/tasks.json")["tasks"]:
        assert set(grader_commands(task["args"])) <= known
    for document in (GITHUB / "AUTOGRADING.md", GITHUB / "CONTRIBUTING.md", ROOT / "README.md"):
        text = document.read_text(encoding="utf-8")
        named = re.findall(r"-m grader ([a-z][\w-]*)", text)
        assert named
        assert {name for name in named if not name.startswith("ex-")} <= known, document.name


@pytest.mark.parametrize("path", sorted(GITHUB.glob("*.md")), ids=lambda path: str(path.name))
def test_documents_name_files_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:\.github|grader|notebooks)/[\w./-]+)`", text):
        assert (ROOT / name).exists() or name == ".github/workflows/classroom.yml", name


@pytest.mark.parametrize("name", ["wrong-verdict", "known-mistake"])
def test_an_issue_form_has_what_github_asks_for(name: str) -> None:
    form = read_yaml(GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml")
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    for field in form["body"]:
        assert field["type"] in {"dropdown", "textarea", "input", "checkboxes", "markdown"}
        assert field["attributes"]["label"]
        for option in field["attributes"].get("options", []):
            assert isinstance(option, str)
    exercise = next(field for field in form["body"] if field["id"] == "exercise")
    assert tuple(exercise["attributes"]["options"]) == EXERCISE_IDS


def test_hooks_fetch_no_code_but_packages() -> None:
    for repository in read_yaml(GITHUB / "pre-commit.yaml")["repos"]:
        assert repository["repo"] == "local"


def test_a_workbook_without_solutions_grades_all_the_same(
    tmp_path: Path, launcher: Launcher
) -> None:
    shutil.copytree(str(ROOT / "ex-1"), str(tmp_path / "ex-1"))
    mistake = find_exercise("ex-1").solutions / "rejected" / "role_case.py"
    exercise = Exercise("ex-1", tmp_path)
    result = grade(Request(exercise, mistake, 7), launcher)
    assert with_known_mistake(exercise, result).looks_like is None
    assert with_known_mistake(find_exercise("ex-1"), result).looks_like is not None
