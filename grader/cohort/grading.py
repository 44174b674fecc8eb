"""One student's submission graded; runs in a worker process (see ``pool``)."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Tuple

from grader.cohort.submissions import Submission, locate
from grader.errors import CannotJudge, GraderError, UsageError
from grader.scorecard import (
    Check,
    CriterionResult,
    ExerciseResult,
    Problem,
    Scorecard,
    Verdict,
)
from grader.service.console import cut, neutralise
from grader.service.launcher import Launcher, make_launcher
from grader.workbook import Exercise, Request, find_exercise


@dataclass(frozen=True)
class Task:
    """A submission to be graded; ``only`` names exercises, and is empty for all."""

    submission: Submission
    only: Tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Graded:
    """What came of it. ``problem`` says why there is nothing to grade, where there is not."""

    scorecard: Scorecard
    problem: Optional[str] = None
    lost: bool = False

    @property
    def unjudged(self) -> bool:
        """Whether the grader itself could not judge."""
        return self.lost or self.scorecard.unjudged


class Worker:
    """Grades one submission after the other, with one launcher."""

    def __init__(self) -> None:
        self._launcher: Launcher = make_launcher()

    def grade(self, task: Task) -> Graded:
        """Grade a submission; whatever it is, a result comes of it."""
        from grader.run import environment_of

        with tempfile.TemporaryDirectory(prefix="cohort-") as scratch:
            try:
                found = locate(task.submission, task.only, Path(scratch))
            except (GraderError, OSError, ValueError, RecursionError) as error:
                return _no_result(task, _words(error))
            results = self._grade_all(task, found)
        if not found:
            return _no_result(task, _nothing(task))
        return Graded(Scorecard(task.seed, environment_of(results), results))

    def _grade_all(self, task: Task, found: Dict[str, Path]) -> Tuple[ExerciseResult, ...]:
        return tuple(
            self._grade_one(find_exercise(name), path, task.seed) for name, path in found.items()
        )

    def _grade_one(self, exercise: Exercise, path: Path, seed: int) -> ExerciseResult:
        from grader.grading import grade
        from grader.mistakes import with_known_mistake

        try:
            result = grade(Request(exercise, path, seed), self._launcher)
            return with_known_mistake(exercise, result)
        except UsageError as error:
            return ungraded(exercise, Verdict.BLOCKED, _words(error))
        except CannotJudge as error:
            self._start_anew()
            return ungraded(exercise, Verdict.ERROR, _words(error))
        except Exception as error:  # a defect of ours: told as one, and the class goes on
            self._start_anew()
            return ungraded(exercise, Verdict.ERROR, f"The grader broke over it: {_words(error)}")

    def _start_anew(self) -> None:
        self.close()
        self._launcher = make_launcher()

    def close(self) -> None:
        """End the launcher and all that it started."""
        self._launcher.close()


def ungraded(exercise: Exercise, verdict: Verdict, message: str) -> ExerciseResult:
    """The result of an exercise that could not be graded, for the reason in ``message``."""
    ticket = exercise.ticket()
    check = Check("The submission can be graded.", verdict, message)
    criteria = tuple(
        CriterionResult(c.id, c.kind, c.points, c.title, c.statement, (check,))
        for c in ticket.criteria
    )
    problem = Problem("unreadable", message) if verdict is Verdict.BLOCKED else None
    return ExerciseResult(exercise.id, ticket.id, ticket.title, criteria, 0.0, problem=problem)


def lost(task: Task) -> Graded:
    """What is kept of a submission over which the worker's process has ended, twice."""
    return _no_result(task, "The grader's process ended while it graded this.", lost=True)


def _no_result(task: Task, problem: str, *, lost: bool = False) -> Graded:
    return Graded(Scorecard(task.seed, {}, ()), problem, lost)


def _nothing(task: Task) -> str:
    if len(task.only) == 1:
        return f"There is neither a folder {task.only[0]} nor a main.py in it."
    return "There is no folder ex-1 … ex-5 in it (for a lone main.py, say --exercises ex-1)."


def _words(error: BaseException) -> str:
    return neutralise(cut(str(error) or type(error).__name__, 300)).replace("\n", " ")
