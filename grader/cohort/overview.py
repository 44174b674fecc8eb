"""The class as a whole: who earned what, and the mistakes that are common."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from grader.cohort.grading import Graded
from grader.cohort.submissions import Submission
from grader.scorecard import Scorecard, scorecard_as_dict
from grader.service.console import one_line
from grader.workbook import CORE_POINTS, EXERCISE_IDS

MOST_COMMON = 10
LONGEST_NAME = 80


@dataclass(frozen=True)
class Student:
    """One student's results: exercises in their JSON form, by id."""

    name: str
    key: str
    results: Mapping[str, Mapping[str, Any]]
    problem: Optional[str]
    unjudged: bool = False

    @property
    def score(self) -> int:
        """Points over all exercises."""
        return sum(int(result["score"]) for result in self.results.values())


@dataclass(frozen=True)
class Failing:
    """A criterion, how many of those who handed the exercise in fail it, and their mistakes.

    ``criterion`` is empty where it is about services that do not start; then the kinds of problem
    are the mistakes.
    """

    exercise: str
    criterion: str
    title: str
    failed: int
    handed_in: int
    mistakes: Tuple[Tuple[str, int], ...]


@dataclass(frozen=True)
class Overview:
    """The class."""

    seed: int
    exercises: Tuple[str, ...]
    students: Tuple[Student, ...]

    @property
    def max_score(self) -> int:
        """Points that a student could earn: what is not handed in counts."""
        return CORE_POINTS * len(self.exercises)

    def passed(self, student: Student) -> bool:
        """Whether all core criteria of all exercises of the class hold."""
        results = [student.results.get(name) for name in self.exercises]
        return bool(results) and all(result and result["passed"] for result in results)

    def criteria(self, exercise: str) -> List[Tuple[str, str]]:
        """The criteria of an exercise, id and kind, as some student's result has them."""
        for student in self.students:
            if exercise in student.results:
                return [(c["id"], c["kind"]) for c in student.results[exercise]["criteria"]]
        return []

    def failing(self) -> List[Failing]:
        """What somebody fails, the core criteria and the start, what most fail first."""
        found = [
            _failing(exercise, criterion, self.students)
            for exercise in self.exercises
            for criterion, kind in self.criteria(exercise)
            if kind == "core"
        ]
        found += [_not_starting(exercise, self.students) for exercise in self.exercises]
        found.sort(key=lambda each: -each.failed)
        return [each for each in found if each.failed]


def _failing(exercise: str, criterion: str, students: Sequence[Student]) -> Failing:
    results = [s.results[exercise] for s in students if exercise in s.results]
    failed, title = [], ""
    for result in results:
        for row in result["criteria"]:
            if row["id"] == criterion:
                title = row["title"]
                failed += [result] if row["verdict"] == "failed" else []
    mistakes = Counter(r["looks_like"]["name"] for r in failed if r.get("looks_like"))
    common = tuple(sorted(mistakes.items(), key=lambda pair: (-pair[1], pair[0]))[:3])
    return Failing(exercise, criterion, title, len(failed), len(results), common)


def _not_starting(exercise: str, students: Sequence[Student]) -> Failing:
    results = [s.results[exercise] for s in students if exercise in s.results]
    kinds = Counter(result["problem"]["kind"] for result in results if result["problem"])
    common = tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))[:3])
    return Failing(exercise, "", "does not start", sum(kinds.values()), len(results), common)


def record_of(submission: Submission, graded: Graded, stamp: str) -> Dict[str, Any]:
    """What is kept of a student: the scorecard in its JSON form, and what it was made of."""
    return {
        "stamp": stamp,
        "name": shown_name(submission),
        "problem": graded.problem,
        "unjudged": graded.unjudged,
        "scorecard": scorecard_as_dict(graded.scorecard),
    }


def student_of(submission: Submission, record: Mapping[str, Any]) -> Student:
    """A student out of what was kept."""
    results = {each["exercise"]: each for each in record["scorecard"]["exercises"]}
    return Student(
        shown_name(submission), submission.key, results, record["problem"], record["unjudged"]
    )


def shown_name(submission: Submission) -> str:
    """A student's name, harmless to show: one line, no control characters, bounded."""
    return one_line(submission.name, LONGEST_NAME).replace("\t", "\\t")


def overview(seed: int, only: Sequence[str], students: Sequence[Student]) -> Overview:
    """The class; its exercises are those asked for, else those that somebody handed in."""
    seen = {name for student in students for name in student.results}
    wanted = [name for name in EXERCISE_IDS if name in (only or seen)]
    return Overview(seed, tuple(wanted), tuple(students))


def page_of(name: str, scorecard: Scorecard) -> str:
    """A student's scorecard as a page."""
    from grader.reports.html import render

    return render(scorecard, title=name)
