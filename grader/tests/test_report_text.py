"""The text of a scorecard: for people, in 80 columns, harmless."""

from dataclasses import replace
from typing import Tuple

from grader.reports.text import as_ascii, render
from grader.reports.words import command
from grader.scorecard import (
    Check,
    CriterionResult,
    Exchange,
    ExerciseResult,
    Problem,
    Scorecard,
    Verdict,
)

EXCHANGE = Exchange(
    method="POST",
    url="http://127.0.0.1:8000/leads",
    request='{"company_size": 5}',
    status=200,
    response='{"status": "ok"}',
    curl="curl -i -X POST http://127.0.0.1:8000/leads",
)


def criterion(
    name: str, verdict: Verdict, message: str = "", kind: str = "core", points: int = 50
) -> CriterionResult:
    exchanges = (EXCHANGE,) if verdict is Verdict.FAILED else ()
    check = Check("What is checked", verdict, message, exchanges)
    return CriterionResult(name, kind, points, "A title", "A statement.", (check,))


def result(*criteria: CriterionResult, **more: object) -> ExerciseResult:
    return ExerciseResult("ex-1", "PROJ-101", "Leads", criteria, 1.0, **more)  # type: ignore[arg-type]


def text_of(*results: ExerciseResult) -> str:
    return render(Scorecard(7, {"python": "3.11"}, results))


def halves() -> Tuple[CriterionResult, CriterionResult]:
    return (
        criterion("AC1", Verdict.PASSED),
        criterion("AC2", Verdict.FAILED, "The answer was 200; the ticket asks for 201."),
    )


def test_a_failure_says_what_was_sent_what_came_and_how_to_repeat_it() -> None:
    text = text_of(result(*halves()))
    for part in (
        "50/100",
        "The answer was 200; the ticket asks for 201.",
        '{"company_size": 5}',
        '{"status": "ok"}',
        "curl -i -X POST",
        "Next: AC2",
        command("hint ex-1 AC2"),
    ):
        assert part in text


def test_no_line_but_a_command_to_copy_is_wider_than_80_columns() -> None:
    long = criterion("AC2", Verdict.FAILED, "word " * 100)
    for line in text_of(result(long)).splitlines():
        assert len(line) <= 80 or "curl" in line


def test_without_colour_there_is_no_escape_and_verdicts_still_read() -> None:
    text = text_of(result(*halves()))
    assert "\x1b" not in text
    assert "✓ AC1" in text
    assert "✗ AC2" in text


def test_markup_in_a_message_is_shown_as_it_is() -> None:
    text = text_of(result(criterion("AC1", Verdict.FAILED, "[bold]not[/bold] :smile: [/]")))
    assert "[bold]not[/bold] :smile: [/]" in text


def test_a_console_that_knows_only_ascii_gets_ascii() -> None:
    plain = as_ascii(text_of(result(*halves())))
    assert plain.isascii()
    assert "+ AC1" in plain
    assert "x AC2" in plain


def test_a_start_failure_is_told_once_and_the_criteria_read_blocked() -> None:
    problem = Problem("syntax_error", "Python cannot read main.py, line 3.", "    x = (\n")
    blocked = criterion("AC1", Verdict.BLOCKED, "Python cannot read main.py, line 3.", points=100)
    text = text_of(result(blocked, problem=problem))
    assert text.count("Python cannot read main.py, line 3.") == 1
    assert "– AC1" in text
    assert "Next: make it start" in text


def test_a_fault_of_the_grader_is_not_put_on_the_learner() -> None:
    text = text_of(result(criterion("AC1", Verdict.ERROR, "No PostgreSQL.", points=100)))
    assert "the fault is not yours" in text
    assert "No PostgreSQL." in text


def test_a_passed_ticket_names_what_to_read_the_open_badges_and_the_next_ticket() -> None:
    badge = criterion("NOTES", Verdict.FAILED, "Not yet.", kind="stretch", points=0)
    text = text_of(result(criterion("AC1", Verdict.PASSED, points=100), badge))
    for part in (
        "PROJ-101 is done.",
        "notebooks/01-validation.ipynb",
        "solutions/ex-1/main.py",
        "★ NOTES",
        "ex-2/README.md",
    ):
        assert part in text


def test_a_part_of_a_ticket_is_not_the_ticket() -> None:
    text = text_of(result(criterion("AC1", Verdict.PASSED, points=50)))
    assert "AC1 holds. Now the whole ticket:" in text
    assert "is done" not in text


def test_what_stands_in_the_way_everywhere_is_told_once() -> None:
    message = "POST /leads answered 501."
    other = criterion("AC3", Verdict.FAILED, "POST /leads answered 201.")
    text = text_of(result(*(criterion(n, Verdict.FAILED, message) for n in ("AC1", "AC2")), other))
    assert text.count(message) == 1
    assert "POST /leads answered 201." in text


def test_commands_stand_on_lines_of_their_own() -> None:
    lines = text_of(result(*halves())).splitlines()
    assert "    " + command("ex-1 --only AC2") in lines
    assert "    " + command("hint ex-1 AC2") in lines
    assert EXCHANGE.curl in lines


def test_several_tickets_are_summed_up_with_the_next_step() -> None:
    done = result(criterion("AC1", Verdict.PASSED, points=100))
    text = text_of(done, result(*halves()))
    assert "1 of 2 tickets done · 150/200 points" in text
    assert "Next: " + command("ex-1") in text


def test_the_console_of_the_check_at_hand_is_shown_without_repetition() -> None:
    failed = criterion("AC1", Verdict.FAILED, "No.", points=100)
    check = replace(failed.checks[0], console="INFO: begin\nTraceback\nok\nok\nok")
    text = text_of(result(replace(failed, checks=(check,)), console="of another check"))
    assert "What the service wrote:\n  INFO: begin\n  Traceback\n  ok  (3 times)\n" in text
    assert "of another check" not in text
    assert "\n\n\n" not in text


def test_an_open_badge_shows_what_broke_and_no_other_output() -> None:
    """A service that answers 500 says why on its console, and nowhere else."""
    badge = criterion("NOTES", Verdict.FAILED, "No.", kind="stretch", points=0)
    for status, shown in ((500, True), (200, False)):
        exchanges = (replace(EXCHANGE, status=status),)
        check = replace(badge.checks[0], console="ValueError: why", exchanges=exchanges)
        done = criterion("AC1", Verdict.PASSED, points=100)
        text = text_of(result(done, replace(badge, checks=(check,)), console="of all"))
        assert ("ValueError: why" in text) is shown
        assert "of all" not in text
