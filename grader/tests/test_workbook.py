"""The model is read from the READMEs, and what cannot be read says where."""

from pathlib import Path

import pytest

from grader.errors import UsageError, WorkbookError
from grader.workbook import exercises, find_exercise, read_ticket, select_criteria

GOOD = """# PROJ-101 · A title

Prose.

### AC1 · 60 points · First
Line one.
Line two.

### AC2 · 40 points · Second
It holds.

### ★ EXTRA · More
A badge.

## Run it
"""


def readme(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ticket_is_read_with_its_criteria_points_and_statements(tmp_path: Path) -> None:
    ticket = read_ticket(readme(tmp_path, GOOD))
    assert (ticket.id, ticket.title) == ("PROJ-101", "A title")
    assert [(c.id, c.kind, c.points, c.title) for c in ticket.criteria] == [
        ("AC1", "core", 60, "First"),
        ("AC2", "core", 40, "Second"),
        ("EXTRA", "stretch", 0, "More"),
    ]
    assert ticket.criteria[0].statement == "Line one.\nLine two."


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("# PROJ-101 · A title", "# A title", ":1:"),
        ("### AC1 · 60 points · First", "### AC1 - 60 points - First", ":5:"),
        ("### AC2 · 40 points", "### AC1 · 40 points", ":9:"),
        ("It holds.\n", "", ":9:"),
        ("### ★ EXTRA · More", "### ★ extra", ":12:"),
        ("60 points", "50 points", "add up to 90"),
    ],
    ids=["title", "heading", "twice", "statement", "stretch", "points"],
)
def test_a_readme_that_breaks_the_form_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    path = readme(tmp_path, GOOD.replace(old, new))
    with pytest.raises(WorkbookError, match=r"README\.md") as raised:
        read_ticket(path)
    assert where in str(raised.value)


def test_a_readme_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"README\.md"):
        read_ticket(tmp_path / "README.md")
    (tmp_path / "README.md").write_bytes(b"\xff\xfe")
    with pytest.raises(WorkbookError, match=r"README\.md"):
        read_ticket(tmp_path / "README.md")


@pytest.mark.parametrize("name", ["ex-3", "EX-3", "3", "ex3", "ex_3", "PROJ-103", "ex-3/"])
def test_an_exercise_has_several_names(name: str) -> None:
    assert find_exercise(name).id == "ex-3"


def test_an_unknown_exercise_is_told_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"Did you mean ex-2\?"):
        find_exercise("exx-2")
    with pytest.raises(UsageError, match="no exercise 'bananas'"):
        find_exercise("bananas")


def test_criteria_are_chosen_by_name_in_any_case(tmp_path: Path) -> None:
    ticket = read_ticket(readme(tmp_path, GOOD))
    assert [c.id for c in select_criteria(ticket, ["extra", "ac1"])] == ["AC1", "EXTRA"]
    with pytest.raises(UsageError, match=r"no criterion 'AC7'. Did you mean"):
        select_criteria(ticket, ["AC7"])
    with pytest.raises(UsageError, match="names no criterion"):
        select_criteria(ticket, [""])


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: str(exercise.id))
def test_every_ticket_of_the_workbook_can_be_read(exercise: object) -> None:
    from grader.workbook import Exercise

    assert isinstance(exercise, Exercise)
    ticket = exercise.ticket()
    assert ticket.id == "PROJ-10" + exercise.id[-1]
    assert all(criterion.statement for criterion in ticket.criteria)
