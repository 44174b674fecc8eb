"""Gradings side by side: as one by one, and none goes on when the run has ended."""

import os
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

from grader.errors import UsageError
from grader.side_by_side import grade_side_by_side
from grader.tests.test_interruption import assert_nothing_outlives, descendants
from grader.workbook import ROOT, Request, find_exercise


def test_the_results_come_in_the_order_of_the_requests() -> None:
    ids = ["ex-5", "ex-1", "ex-2"]
    found = [find_exercise(each) for each in ids]
    told: List[int] = []
    requests = [Request(each, each.solutions / "main.py", seed=1) for each in found]
    results = grade_side_by_side(requests, 2, told.append)
    assert [result.exercise for result in results] == ids
    assert all(result.passed for result in results), "the references pass"
    assert told == [1, 2, 3]


def test_what_cannot_be_graded_ends_the_run_with_its_sentence(tmp_path: Path) -> None:
    exercise = find_exercise("ex-1")
    large = tmp_path / "main.py"
    with large.open("wb") as file:
        file.truncate(60 << 20)
    requests = [Request(exercise, large, seed=1), Request(exercise, exercise.folder, seed=1)]
    with pytest.raises(UsageError, match="larger than 50 MB"):
        grade_side_by_side(requests, 2)


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_no_grading_outlives_the_run(name: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "ex-3", "ex-2", "--format", "json"],
        cwd=str(ROOT),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )

    def database_runs() -> bool:
        return any("watchdog" in args for _, args in descendants(process.pid))

    assert_nothing_outlives(process, name, database_runs)
