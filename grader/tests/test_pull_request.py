"""The learner's folders as they are read from git's objects: no link, trick or size gets out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Tuple

import pytest

from grader.errors import UsageError
from grader.pull_request import MOST_FILES, Repository
from grader.tests.workflow import git
from grader.workbook import ROOT

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(os.name != "posix", reason="the trees hold what POSIX alone has"),
]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with one learner's folder and a solution beside it."""
    folder = tmp_path / "clone"
    (folder / "ex-1" / "package").mkdir(parents=True)
    (folder / "solutions" / "ex-1").mkdir(parents=True)
    (folder / "ex-1" / "main.py").write_text("app = 1\n")
    (folder / "ex-1" / "package" / "data.bin").write_bytes(b"\0\r\n\xff")
    (folder / "solutions" / "ex-1" / "main.py").write_text("the solution\n")
    git(folder, "init", "-q", "-b", "main")
    return folder


def taken(clone: Path, exercise: str = "ex-1") -> Tuple[Dict[str, bytes], Tuple[str, ...]]:
    git(clone, "add", "-A", ".")
    git(clone, "commit", "-q", "-m", "work")
    target = clone.parent / "taken"
    target.mkdir()
    notes = Repository(clone).take(git(clone, "rev-parse", "HEAD"), exercise, target)
    assert not any(path.is_symlink() for path in target.rglob("*"))
    files = (path for path in target.rglob("*") if path.is_file())
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in files}, notes


def test_files_come_byte_for_byte(clone: Path) -> None:
    (clone / ".gitattributes").write_text("*.py text eol=crlf\n*.bin -text\n")
    files, notes = taken(clone)
    assert files == {"main.py": b"app = 1\n", "package/data.bin": b"\0\r\n\xff"}
    assert notes == ()


@pytest.mark.parametrize(
    "leads_to",
    ["../solutions/ex-1/main.py", "/etc/passwd", "main.py", "../ex-1/../solutions/ex-1/main.py"],
)
def test_a_link_out_of_the_folder_is_left_out(clone: Path, leads_to: str) -> None:
    (clone / "ex-1" / "main.py").unlink()
    (clone / "ex-1" / "main.py").symlink_to(leads_to)
    files, notes = taken(clone)
    assert "main.py" not in files
    assert notes == ("main.py: a link or submodule, not followed",)


def test_a_link_within_the_folder_is_the_file_that_it_leads_to(clone: Path) -> None:
    (clone / "ex-1" / "api.py").symlink_to("package/../main.py")
    files, notes = taken(clone)
    assert files["api.py"] == b"app = 1\n"
    assert notes == ()


def test_a_folder_that_is_a_link_is_empty(clone: Path) -> None:
    shutil.rmtree(clone / "ex-1")
    (clone / "ex-1").symlink_to("solutions/ex-1")
    assert taken(clone) == ({}, ())


def test_hidden_tests_and_the_ticket_are_the_workbooks(clone: Path) -> None:
    (clone / "ex-1" / ".acceptance").mkdir()
    (clone / "ex-1" / ".acceptance" / "test_x.py").touch()
    (clone / "ex-1" / "README.md").touch()
    assert set(taken(clone)[0]) == {"main.py", "package/data.bin"}


def test_a_submodule_is_left_out(clone: Path) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "first")
    commit = git(clone, "rev-parse", "HEAD")
    git(clone, "update-index", "--add", "--cacheinfo", f"160000,{commit},ex-1/module")
    git(clone, "commit", "-q", "-m", "module")
    target = clone.parent / "taken"
    target.mkdir()
    notes = Repository(clone).take(git(clone, "rev-parse", "HEAD"), "ex-1", target)
    assert notes == ("module: a link or submodule, not followed",)


def test_a_tree_that_climbs_out_stays_in(clone: Path) -> None:
    def tree(*entries: str) -> str:
        made = subprocess.run(
            ["git", "-C", str(clone), "mktree", "--missing"],
            input="".join(entry + "\n" for entry in entries),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return made.stdout.strip()

    git(clone, "add", "-A", ".")
    blob = git(clone, "rev-parse", ":ex-1/main.py")
    climbing = tree(f"040000 tree {tree(f'100644 blob {blob}	evil.py')}\t..")
    root = tree(f"040000 tree {climbing}\tex-1")
    head = git(clone, "commit-tree", "-m", "evil", root)
    target = clone.parent / "taken"
    target.mkdir()
    notes = Repository(clone).take(head, "ex-1", target)
    assert list(target.iterdir()) == []
    assert not (clone.parent / "evil.py").exists()
    assert notes == ("../evil.py: a name that not every system can hold, left out",)


def test_what_is_too_large_for_a_submission_is_refused(clone: Path) -> None:
    for number in range(MOST_FILES):
        (clone / "ex-1" / f"{number}.txt").touch()
    with pytest.raises(UsageError, match="not a submission"):
        taken(clone)


@pytest.mark.parametrize("revision", ["no-such", "--output=/tmp/x", "", "HEAD:ex-1"])
def test_an_unknown_commit_is_told(clone: Path, revision: str) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "first")
    with pytest.raises(UsageError, match="There is no commit"):
        Repository(clone).commit(revision)


def test_the_plan_needs_no_package(clone: Path) -> None:
    (clone / "grader").mkdir()
    (clone / "grader" / "`x`.py").touch()
    git(clone, "commit", "-q", "--allow-empty", "-m", "first")
    git(clone, "add", "-A", ".")
    git(clone, "commit", "-q", "-m", "second")
    options = ["--repository", str(clone), "--base", "HEAD~1"]
    done = subprocess.run(
        [sys.executable, "-S", "-m", "grader", "autograde", "plan", *options],
        cwd=str(ROOT),
        env={k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "GITHUB_ACTIONS")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Graded here: ex-1.")
    assert "grader/`x`.py" in done.stdout
