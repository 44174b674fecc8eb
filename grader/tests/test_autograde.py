"""The workflow over pull requests, rehearsed: honest ones, tampering ones, and both at once."""

import os
import shutil
import sys
from pathlib import Path
from typing import Callable

import pytest

from grader.tests.workflow import Rehearsal, Run, git
from grader.workbook import ROOT

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed"),
]

REFERENCE = ROOT / "solutions" / "ex-1" / "main.py"
STUB = ROOT / "ex-1" / ".acceptance" / "stub.py"
Change = Callable[[Path], None]
Rehearse = Callable[..., Run]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook as a repository, with the stubs as the base branch has them."""
    folder = tmp_path_factory.mktemp("origin") / "workbook"
    left_out = shutil.ignore_patterns(
        ".git", ".venv*", ".grader", "__pycache__", ".*_cache", "tests", "*.ipynb"
    )
    shutil.copytree(str(ROOT), str(folder), ignore=left_out)
    (folder / "grader" / "tests").mkdir()
    (folder / "grader" / "tests" / "test_one.py").write_text("def test_one(): pass\n")
    shutil.copy(STUB, folder / "ex-1" / "main.py")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(folder, "base")
    return folder


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A", "-f", ".")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def rehearse(origin: Path, tmp_path: Path) -> Rehearse:
    """Make a pull request out of changes, and run the workflow over it."""

    def run(*changes: Change, install: bool = False) -> Run:
        fork, base = tmp_path / "fork", git(origin, "rev-parse", "main")
        git(origin, "clone", "-q", str(origin), str(fork))
        for change in changes:
            change(fork)
        head = commit(fork, "head")
        git(fork, "push", "-q", str(origin), f"HEAD:refs/pull/{head[:8]}/head")
        skipped = () if install else ("Install what the base branch asks for",)
        return Rehearsal(origin, base, head, tmp_path / "machines", skipped).perform()

    return run


def honest(fork: Path) -> None:
    """The ticket, done."""
    shutil.copy(REFERENCE, fork / "ex-1" / "main.py")


def unfinished(fork: Path) -> None:
    """The stub with a comment: no criterion holds."""
    with (fork / "ex-1" / "main.py").open("a") as file:
        file.write("# still to do\n")


def tampering(fork: Path) -> None:
    """All that might make a grading gentler, outside the learner's folders and within them."""
    always = "def pytest_runtest_makereport(item, call): raise SystemExit(0)\n"
    (fork / "conftest.py").write_text(always)
    (fork / "sitecustomize.py").write_text("raise SystemExit(0)\n")
    (fork / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (fork / "grader" / "tests" / "test_one.py").unlink()
    (fork / "grader" / "grading.py").write_text("raise SystemExit(0)\n")
    (fork / "grader" / "autograde.py").write_text("def main(a): return 0\n")
    (fork / "requirements.txt").write_text("evil-package\n")
    (fork / "ex-1" / "README.md").write_text("# PROJ-101 · Easy\n")
    for test in (fork / "ex-1" / ".acceptance").glob("*.py"):
        test.write_text("def test_nothing(): pass\n")
    shutil.rmtree(fork / "solutions")
    (fork / "solutions").symlink_to("/")
    workflow = fork / ".github" / "workflows" / "autograde.yml"
    workflow.write_text("on: pull_request_target\n")
    shutil.copy(ROOT / "ex-1" / ".acceptance" / "test_leads.py", fork / "ex-1" / "conftest.py")


def test_honest_work_passes(rehearse: Rehearse) -> None:
    run = rehearse(honest, install=True)
    assert run.results == {"plan": "success", "grade": "success", "verdict": "success"}, run.log
    assert "100 of 100 points" in run.summary
    assert "Not taken" not in run.summary
    assert run.annotations == []


def test_tampering_gains_nothing_and_is_told(rehearse: Rehearse) -> None:
    run = rehearse(unfinished, tampering)
    assert run.results == {"plan": "success", "grade": "failure", "verdict": "failure"}, run.log
    assert "# 0 of 100 points" in run.summary
    told = run.summary.partition("Not taken from this pull request")[2]
    for name in ("conftest.py", "grader/grading.py", "requirements.txt", "ex-1/README.md"):
        assert name in told
    assert "It changes `.github/`" in told
    line = next(n for n, text in enumerate(STUB.read_text().splitlines(), 1) if "@app.post" in text)
    errors = [text for text in run.annotations if text.startswith("::error")]
    assert len(errors) == 4
    assert all(f"file=ex-1/main.py,line={line},title=" in text for text in errors)
    assert {"autograde-ex-1/ex-1.junit.xml", "autograde-ex-1/ex-1.html"} <= set(run.artifacts)


def test_honest_work_beside_tampering_passes_and_is_told(rehearse: Rehearse) -> None:
    run = rehearse(honest, tampering)
    assert run.results == {"plan": "success", "grade": "success", "verdict": "success"}, run.log
    assert "100 of 100 points" in run.summary
    assert "Not taken from this pull request" in run.summary


def test_a_link_to_the_solution_is_no_work(rehearse: Rehearse) -> None:
    def link(fork: Path) -> None:
        (fork / "ex-1" / "main.py").unlink()
        (fork / "ex-1" / "main.py").symlink_to("../solutions/ex-1/main.py")

    run = rehearse(link)
    assert run.results["verdict"] == "failure"
    assert "# 0 of 100 points" in run.summary
    assert "There is no main.py" in run.summary
    assert "a link or submodule, not followed" in run.summary


def test_a_pull_request_without_an_exercise_has_nothing_to_grade(rehearse: Rehearse) -> None:
    def words(fork: Path) -> None:
        (fork / "README.md").write_text("# Other words\n")

    run = rehearse(words)
    assert run.results == {"plan": "success", "grade": "skipped", "verdict": "success"}
    assert "changes no exercise" in run.summary


def test_what_the_base_has_gained_meanwhile_is_not_the_pull_requests(
    origin: Path, tmp_path: Path
) -> None:
    from grader.pull_request import Repository

    fork = tmp_path / "fork"
    git(origin, "clone", "-q", str(origin), str(fork))
    honest(fork)
    head = commit(fork, "head")
    git(fork, "checkout", "-q", "-b", "moved", "origin/main")
    (fork / "grader" / "news.py").touch()
    (fork / "ex-2" / "main.py").write_text("app = None\n")
    base = commit(fork, "moved")
    changes = Repository(fork).changes(base, head)
    assert (changes.exercises, changes.others) == (("ex-1",), ())


@pytest.mark.skipif(os.name != "posix", reason="the names are those of POSIX")
def test_names_of_a_pull_request_are_shown_harmlessly(rehearse: Rehearse) -> None:
    def names(fork: Path) -> None:
        for name in ("::error::pwned\n::add-mask::x", "\x1b[31mred", "```\n# big", "‮txt"):
            (fork / name).write_text("x")

    run = rehearse(names)
    assert run.results["verdict"] == "success"
    assert run.annotations == []
    assert "\x1b" not in run.summary + run.log
    assert "‮" not in run.summary
    assert "\n# big" not in run.summary
