"""The result of a grading: frozen, typed, serialisable. It knows nothing of how it came about."""

import enum
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple

SCHEMA_VERSION = 1


class Verdict(enum.Enum):
    """What is known of a criterion or a check."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    """It could not be tried: the service did not start, or an earlier criterion is in the way."""
    ERROR = "error"
    """The grader's own fault, or a missing PostgreSQL; never the learner's."""


def worst(verdicts: "Tuple[Verdict, ...]") -> Verdict:
    """The verdict of a criterion, given those of its checks: all must pass.

    A grader's error outweighs a failure, since what the grader broke it cannot judge; a failure
    outweighs a block.
    """
    for verdict in (Verdict.ERROR, Verdict.FAILED, Verdict.BLOCKED):
        if verdict in verdicts:
            return verdict
    return Verdict.PASSED


@dataclass(frozen=True)
class Exchange:
    """One request and what came back, as text for people."""

    method: str
    url: str
    request: str
    status: Optional[int]
    response: str
    curl: str


@dataclass(frozen=True)
class Check:
    """One acceptance test's result. ``console`` is what the service wrote while it failed."""

    name: str
    verdict: Verdict
    message: str = ""
    exchanges: Tuple[Exchange, ...] = ()
    duration: float = 0.0
    console: str = ""


@dataclass(frozen=True)
class CriterionResult:
    """One criterion of the ticket and how its checks ended. ``duration`` is in seconds."""

    id: str
    kind: str
    points: int
    title: str
    statement: str
    checks: Tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """All checks must pass; a criterion without checks is an error of the workbook."""
        if not self.checks:
            return Verdict.ERROR
        return worst(tuple(check.verdict for check in self.checks))

    @property
    def earned(self) -> int:
        """The points: all or nothing."""
        return self.points if self.verdict is Verdict.PASSED else 0

    @property
    def duration(self) -> float:
        """Seconds that its checks took together."""
        return sum(check.duration for check in self.checks)


@dataclass(frozen=True)
class Problem:
    """Why the submission did not start. ``detail`` is the learner's own part of a traceback."""

    kind: str
    message: str
    detail: str = ""
    file: Optional[str] = None
    line: Optional[int] = None


@dataclass(frozen=True)
class KnownMistake:
    """A rejected solution whose pattern of failed checks this submission shows."""

    name: str
    title: str
    explanation: str


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise's result. ``duration`` is in seconds."""

    exercise: str
    ticket: str
    title: str
    criteria: Tuple[CriterionResult, ...]
    duration: float
    problem: Optional[Problem] = None
    looks_like: Optional[KnownMistake] = None
    console: str = ""
    notes: Tuple[str, ...] = ()
    enforced: Tuple[str, ...] = ()
    postgresql: Optional[str] = None

    @property
    def core(self) -> Tuple[CriterionResult, ...]:
        """The criteria that carry the points."""
        return tuple(c for c in self.criteria if c.kind == "core")

    @property
    def stretch(self) -> Tuple[CriterionResult, ...]:
        """The criteria that carry none."""
        return tuple(c for c in self.criteria if c.kind == "stretch")

    @property
    def passed(self) -> bool:
        """Whether every core criterion that was asked for holds (and one was asked for)."""
        return bool(self.criteria) and all(c.verdict is Verdict.PASSED for c in self.core)

    @property
    def unjudged(self) -> bool:
        """Whether the grader itself could not judge some core criterion."""
        return any(c.verdict is Verdict.ERROR for c in self.core)

    @property
    def score(self) -> int:
        """Points earned."""
        return sum(c.earned for c in self.core)

    @property
    def max_score(self) -> int:
        """Points that could be earned in this run."""
        return sum(c.points for c in self.core)


@dataclass(frozen=True)
class Scorecard:
    """The result of one run over one or more exercises."""

    seed: int
    environment: Mapping[str, Any]
    exercises: Tuple[ExerciseResult, ...]

    @property
    def passed(self) -> bool:
        """Whether all core criteria of all exercises hold."""
        return all(e.passed for e in self.exercises)

    @property
    def unjudged(self) -> bool:
        """Whether the grader itself could not judge somewhere."""
        return any(e.unjudged for e in self.exercises)

    @property
    def score(self) -> int:
        """Points earned over all exercises."""
        return sum(e.score for e in self.exercises)

    @property
    def max_score(self) -> int:
        """Points that could be earned over all exercises."""
        return sum(e.max_score for e in self.exercises)


def criterion_as_dict(result: CriterionResult) -> Dict[str, Any]:
    """The JSON form of a criterion's result."""
    return {
        "id": result.id,
        "kind": result.kind,
        "points": result.points,
        "title": result.title,
        "statement": result.statement,
        "verdict": result.verdict.value,
        "earned": result.earned,
        "duration": round(result.duration, 3),
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict.value,
                "message": check.message,
                "exchanges": [vars(exchange) for exchange in check.exchanges],
            }
            for check in result.checks
        ],
    }


def exercise_as_dict(result: ExerciseResult) -> Dict[str, Any]:
    """The JSON form of an exercise's result."""
    return {
        "exercise": result.exercise,
        "ticket": result.ticket,
        "title": result.title,
        "passed": result.passed,
        "score": result.score,
        "max_score": result.max_score,
        "duration": round(result.duration, 3),
        "problem": vars(result.problem) if result.problem else None,
        "looks_like": vars(result.looks_like) if result.looks_like else None,
        "criteria": [criterion_as_dict(criterion) for criterion in result.criteria],
        "console": result.console,
        "notes": list(result.notes),
    }


def scorecard_as_dict(scorecard: Scorecard) -> Dict[str, Any]:
    """The JSON form of a scorecard: the document that ``--format json`` prints."""
    return {
        "schema": SCHEMA_VERSION,
        "seed": scorecard.seed,
        "score": scorecard.score,
        "max_score": scorecard.max_score,
        "passed": scorecard.passed,
        "environment": dict(scorecard.environment),
        "exercises": [exercise_as_dict(exercise) for exercise in scorecard.exercises],
    }
