"""Hints, progress and reset: what keeps a learner going."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError, WorkbookError
from grader.hints import as_plain_text, next_hint, read_hints
from grader.progress import Progress
from grader.reset import reset, stub_of
from grader.scorecard import Check, CriterionResult, ExerciseResult, Verdict
from grader.workbook import EXERCISE_IDS, Exercise, exercises

README = "# PROJ-101 · T\n\n### AC1 · 100 points · One\nIt holds.\n\n### ★ MORE · Two\nIt too.\n"
HINTS = """# Hints

## AC1

1. First.
2. Second, see [notebook](../../notebooks/x.ipynb#a).
   More.
3. Third.
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    made = Exercise("ex-1", tmp_path)
    made.acceptance.mkdir(parents=True)
    made.readme.write_text(README, encoding="utf-8")
    (made.acceptance / "hints.md").write_text(HINTS, encoding="utf-8")
    stub_of(made).write_text("stub")
    return made


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path / "state" / "progress.json")


def test_each_call_gives_the_next_hint_and_the_last_one_stays(
    exercise: Exercise, progress: Progress
) -> None:
    texts = [next_hint(exercise, "ac1", progress) for _ in range(4)]
    assert "hint 1 of 3\n\nFirst." in texts[0]
    assert "Second, see notebook (notebooks/x.ipynb#a). More." in texts[1]
    assert texts[1].endswith("Ask again for the next one.")
    assert "Third.\n\nThat was the last one." in texts[2]
    assert texts[3] == texts[2]


def test_hints_for_what_is_no_criterion_are_a_usage_error(
    exercise: Exercise, progress: Progress
) -> None:
    with pytest.raises(UsageError, match="no criterion 'AC9'"):
        next_hint(exercise, "AC9", progress)
    with pytest.raises(WorkbookError, match="MORE has too few hints"):
        next_hint(exercise, "MORE", progress)


def test_stray_text_in_the_hints_is_told_with_its_line(exercise: Exercise) -> None:
    (exercise.acceptance / "hints.md").write_text("## AC1\n1. A\nstray\n")
    with pytest.raises(WorkbookError, match=r"hints\.md:3:"):
        read_hints(exercise)


def test_links_show_where_they_lead() -> None:
    assert as_plain_text("see [this](../../a/b.md#c) now") == "see this (a/b.md#c) now"


@pytest.mark.parametrize("exercise_", exercises(), ids=lambda e: str(e.id))
def test_every_criterion_has_a_ladder_with_the_notebook_in_it(exercise_: Exercise) -> None:
    ladders = read_hints(exercise_)
    assert set(ladders) == {criterion.id for criterion in exercise_.ticket().criteria}
    for name, steps in ladders.items():
        assert 3 <= len(steps) <= 5, name
        assert any("notebooks/" in step for step in steps), f"{name} leads to no notebook"


def result(score: int) -> ExerciseResult:
    verdict = Verdict.PASSED if score else Verdict.FAILED
    criterion = CriterionResult("AC1", "core", score or 50, "t", "s", (Check("c", verdict),))
    return ExerciseResult("ex-1", "PROJ-101", "T", (criterion,), 0.1)


def test_the_best_score_is_kept(progress: Progress) -> None:
    for score in (20, 60, 0):
        progress.note_results([result(score)])
    assert progress.best_scores() == {"ex-1": 60}


def test_all_tickets_stand_in_a_line(progress: Progress) -> None:
    progress.note_results([result(100), replace(result(60), exercise="ex-3")])
    assert progress.standing() == "Your tickets: ex-1 ✓ · ex-2 – · ex-3 60/100 · ex-4 – · ex-5 –"


def test_the_next_ticket_is_one_that_is_not_done(progress: Progress) -> None:
    assert progress.first_open() == "ex-1"
    progress.note_results([replace(result(100), exercise=name) for name in ("ex-1", "ex-4")])
    assert progress.first_open() == "ex-2"
    assert progress.first_open(after="ex-3") == "ex-5"
    assert progress.first_open(after="ex-5") == "ex-2"
    progress.note_results([replace(result(100), exercise=name) for name in EXERCISE_IDS])
    assert progress.first_open(after="ex-2") == ""


def test_a_broken_or_unwritable_state_loses_nothing_but_itself(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    file.write_text("{broken")
    progress = Progress(file)
    assert progress.best_scores() == {}
    progress.note_results([result(5)])
    assert progress.best_scores() == {"ex-1": 5}
    Progress(tmp_path / "progress.json" / "x.json").note_results([result(5)])  # a file in the way


def test_reset_keeps_the_learners_file(exercise: Exercise) -> None:
    main = exercise.folder / "main.py"
    main.write_text("mine")
    assert "yours is ex-1/main.py.kept-1" in reset(exercise)
    assert main.read_text() == "stub"
    assert (exercise.folder / "main.py.kept-1").read_text() == "mine"
    main.write_text("mine again")
    assert "kept-2" in reset(exercise)
    assert "already" in reset(exercise)
    main.unlink()
    assert "no file to keep" in reset(exercise)
