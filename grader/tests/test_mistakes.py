"""Which known mistake a failing submission looks like, and when nothing is claimed."""

from dataclasses import replace
from typing import Optional, Sequence, Tuple

import pytest

from grader.mistakes import fingerprint, read_fingerprints, recognise
from grader.scorecard import Check, CriterionResult, ExerciseResult, Verdict
from grader.verification import cases
from grader.workbook import Exercise, exercises, find_exercise

EX1 = find_exercise("ex-1")
STRING = "A company_size that is no positive integer gives 422. [a string]"
LIKE_A_NUMBER = STRING.replace("a string", "a string of more than digits")
AS_KNOWN = "POST /leads answered 201; the ticket asks for 422: company_size '7' is no integer."


def result(failed: Sequence[Tuple[str, str]], criterion: str = "AC4") -> ExerciseResult:
    """One criterion fails with these checks and messages; everything else holds."""
    passed = (Check("It holds.", Verdict.PASSED),)
    checks = tuple(Check(name, Verdict.FAILED, message) for name, message in failed)
    criteria = tuple(
        CriterionResult(c.id, c.kind, c.points, c.title, c.statement, passed)
        for c in EX1.ticket().criteria
    )
    criteria = tuple(replace(c, checks=checks) if c.id == criterion else c for c in criteria)
    return ExerciseResult("ex-1", "PROJ-101", "Leads", criteria, 0.1)


def test_a_known_pattern_of_failures_is_recognised() -> None:
    mistake = recognise(EX1, result([(STRING, AS_KNOWN), (LIKE_A_NUMBER, AS_KNOWN)]))
    assert mistake is not None
    assert mistake.name == "size_coerced"
    assert mistake.explanation


@pytest.mark.parametrize(
    "failed",
    [
        [(STRING, AS_KNOWN.replace("answered 201", "answered 400")), (LIKE_A_NUMBER, AS_KNOWN)],
        [(STRING, AS_KNOWN), (LIKE_A_NUMBER, AS_KNOWN), ("Another check.", "It fails.")],
        [("Another check.", "It fails.")],
    ],
)
def test_what_only_resembles_it_is_not(failed: Sequence[Tuple[str, str]]) -> None:
    assert recognise(EX1, result(failed)) is None


def test_where_nothing_holds_yet_nothing_is_claimed() -> None:
    nothing = result([(STRING, AS_KNOWN), (LIKE_A_NUMBER, AS_KNOWN)])
    failed = (Check("It holds.", Verdict.FAILED, "No."),)
    criteria = tuple(c if c.id == "AC4" else replace(c, checks=failed) for c in nothing.criteria)
    assert recognise(EX1, replace(nothing, criteria=criteria)) is None


def test_of_two_mistakes_with_the_same_failures_none_is_claimed() -> None:
    kept = read_fingerprints(EX1)
    twins = [name for name in kept if list(kept.values()).count(kept[name]) > 1]
    assert {"domain_contains", "domain_in_one_text"} <= set(twins)


def test_a_fingerprint_holds_what_was_answered() -> None:
    assert fingerprint(result([(STRING, AS_KNOWN)])) == {f"AC4: {STRING} → 201"}


@pytest.mark.parametrize(("field", "known"), [("email", "email_lower_case"), ("role", None)])
def test_a_fingerprint_holds_the_field_that_is_wrong(field: str, known: Optional[str]) -> None:
    """Another field that comes back changed is not the address in lower case."""
    failed = [("The answer holds the six submitted fields.", f"`{field}` was sent as 'A'.")]
    mistake = recognise(EX1, result(failed, "AC1"))
    assert (mistake and mistake.name) == known


@pytest.mark.parametrize("exercise", exercises(), ids=lambda one: str(one.id))
def test_every_fingerprint_is_that_of_a_rejected_solution(exercise: Exercise) -> None:
    rejected = {case.path.stem for case in cases(exercise) if case.kind == "rejected"}
    assert set(read_fingerprints(exercise)) <= rejected
