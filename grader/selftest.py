"""``python -m grader selftest``: lint and the project's own tests, those of the types included."""

import os
import subprocess
import sys
from typing import List, Sequence, Tuple

from grader.errors import EXIT_FAILED, EXIT_PASSED
from grader.workbook import ROOT

# Some tests mostly wait (those of ex-2 stand together), others work: by this each worker begins at
# another place, so that they overlap, and none ends long after the others.
BALANCED = ("--dist", "worksteal")


def steps(pytest_arguments: Sequence[str]) -> List[Tuple[str, List[str]]]:
    """The commands of the self-test, each with its name."""
    python = sys.executable
    return [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("tests", [python, "-m", "pytest", "-n", _workers(), *BALANCED, *pytest_arguments]),
    ]


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
