"""``python -m grader selftest``: lint, types and the project's own tests."""

import os
import subprocess
import sys
from typing import List, Sequence, Tuple

from grader.errors import EXIT_FAILED, EXIT_PASSED
from grader.workbook import EXERCISE_IDS, ROOT


def steps(pytest_arguments: Sequence[str]) -> List[Tuple[str, List[str]]]:
    """The commands of the self-test, each with its name."""
    python = sys.executable
    mypy = [python, "-m", "mypy", "--no-error-summary"]
    solutions = [[f"solutions/{name}/main.py"] for name in EXERCISE_IDS]
    hidden = [_hidden_tests(name) for name in EXERCISE_IDS]
    return [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types of the grader", [*mypy, "grader"]),
        # One call each: they share module names (`main`, `conftest`).
        *((f"types of {files[0]}", [*mypy, *files]) for files in solutions + hidden),
        ("tests", [python, "-m", "pytest", "-n", _workers(), *pytest_arguments]),
    ]


def _hidden_tests(exercise: str) -> List[str]:
    """The files of an exercise's hidden tests; the stub is the learner's to type."""
    folder = ROOT / exercise / ".acceptance"
    files = sorted(folder.glob("test_*.py")) + sorted(folder.glob("conftest.py"))
    return [path.relative_to(ROOT).as_posix() for path in files]


def _workers() -> str:
    # Twice as many as there are cores: a grading waits for its service much of the time.
    return str((os.cpu_count() or 1) * 2)


def run(arguments: Sequence[str]) -> int:
    """Run all steps, even after one has failed; further arguments go to pytest.

    Returns:
        0 when all are green, else 1.
    """
    failed = []
    for name, command in steps(arguments):
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=str(ROOT), check=False).returncode != 0:
            failed.append(name)
    if failed:
        print(f"selftest: failed: {', '.join(failed)}")
        return EXIT_FAILED
    print("selftest: all green")
    return EXIT_PASSED
