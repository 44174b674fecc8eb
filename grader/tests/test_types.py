"""Types are what they are said to be: of the grader, the references and the hidden tests."""

import subprocess
import sys
from typing import List

from grader.workbook import EXERCISE_IDS, ROOT


def test_mypy_finds_nothing() -> None:
    # One call after the other: what it has learnt of the libraries in one serves the next.
    found = [told for files in programs() for told in findings(files)]
    assert not found, "\n".join(["mypy tells:", *found])


def programs() -> List[List[str]]:
    """What is checked in one call each: the folders share module names (`main`, `conftest`)."""
    solutions = [[f"solutions/{name}/main.py"] for name in EXERCISE_IDS]
    return [["grader"], *solutions, *map(hidden_tests, EXERCISE_IDS)]


def hidden_tests(exercise: str) -> List[str]:
    """The files of an exercise's hidden tests; the stub is the learner's to type."""
    folder = ROOT / exercise / ".acceptance"
    files = sorted(folder.glob("test_*.py")) + sorted(folder.glob("conftest.py"))
    return [path.relative_to(ROOT).as_posix() for path in files]


def findings(files: List[str]) -> List[str]:
    """What mypy tells of these files: nothing where they are right."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *files]
    run = subprocess.run(
        command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if run.returncode == 0:
        return []
    return [f"{' '.join(files)}:", *run.stdout.decode(errors="replace").splitlines()]
