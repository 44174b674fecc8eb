"""The proof of the workbook: every solution gets exactly the verdicts that it must get."""

import os
from typing import List

import pytest

from grader.mistakes import fingerprint, read_fingerprints
from grader.scorecard import ExerciseResult
from grader.service.launcher import Launcher, portable
from grader.tests import transcripts
from grader.verification import UNTRIED, Case, cases, differences, grade_case
from grader.workbook import Exercise, exercises

SEED = 20
PROOF = [
    pytest.param(exercise, case, id=f"{exercise.id}-{case.name}")
    for exercise in exercises()
    for case in cases(exercise)
]


# The salt of hash() is another at each start where services are not forked from one parent.
SHOWN_BY_EVERY_START = ("salted_hash",)


@pytest.mark.parametrize(("exercise", "case"), PROOF)
def test_the_verdicts_are_the_expected_ones(
    launcher: Launcher, exercise: Exercise, case: Case
) -> None:
    result = grade_case(exercise, case, SEED, launcher)
    if result is None:
        pytest.skip(f"needs {', '.join(case.needs)}")
    assert differences(case, result) == ()
    if case.fails & UNTRIED or (portable() and case.path.stem in SHOWN_BY_EVERY_START):
        return  # its pattern and its words are those of other systems
    kept = read_fingerprints(exercise).get(case.path.stem) if case.kind == "rejected" else None
    assert kept in (None, fingerprint(result)), "run: python -m grader verify --write"
    if case.kind in ("rejected", "stub"):
        check_words(exercise, case, result, launcher)


def check_words(exercise: Exercise, case: Case, result: ExerciseResult, launcher: Launcher) -> None:
    """The scorecard reads as the kept transcript."""
    now = transcripts.transcript(result)
    if os.environ.get("GRADER_UPDATE_TRANSCRIPTS") == "1":
        again = grade_case(exercise, case, SEED, launcher)
        assert again is not None
        transcripts.write(
            exercise.id, case.name, transcripts.masked(now, transcripts.transcript(again))
        )
        return
    kept = transcripts.read(exercise.id, case.name)
    if kept is not None:
        message = f"the scorecard reads differently:\n{now}\nnot\n{kept}"
        assert transcripts.same(kept, now), message


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: str(exercise.id))
def test_every_criterion_has_at_least_three_known_mistakes(exercise: Exercise) -> None:
    found: List[Case] = cases(exercise)
    for criterion in exercise.ticket().criteria:
        failing = [case.name for case in found if criterion.id in case.fails]
        assert len(failing) >= 3, f"{criterion.id} is failed by {failing} alone"


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: str(exercise.id))
def test_every_ticket_has_other_right_ways(exercise: Exercise) -> None:
    accepted = [case for case in cases(exercise) if case.kind == "accepted"]
    assert len(accepted) >= (8 if exercise.id == "ex-3" else 5)


# Whose words are kept; those of ex-3 and ex-4 tell of races and shares, and vary from run to run.
KEPT = ("ex-1", "ex-2", "ex-5")


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: str(exercise.id))
def test_the_words_of_every_known_mistake_are_kept(exercise: Exercise) -> None:
    if exercise.id not in KEPT:
        pytest.skip("its words vary")
    missing = [
        case.name
        for case in cases(exercise)
        if case.kind in ("rejected", "stub") and transcripts.read(exercise.id, case.name) is None
    ]
    assert missing == [], "see grader/tests/transcripts.py"
