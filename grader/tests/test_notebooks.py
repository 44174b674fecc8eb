"""The notebooks: they run, what is kept is fresh, links lead somewhere, none is a solution."""

import ast
import asyncio
import importlib
import json
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from grader import bootstrap, cli
from grader.database.fixture import Databases
from grader.grading import grade
from grader.hints import read_hints
from grader.notebooks import (
    FOLDER,
    digest,
    lab_command,
    notebook_of,
    notebooks,
    read,
    run,
    structure,
)
from grader.scorecard import Verdict
from grader.service.launcher import Launcher
from grader.workbook import ROOT, Exercise, Request, exercises

FRESHEN = "run: python -m grader notebooks --write"
LARGEST = 300 * 1024
MOST_CELLS = 20
# What only an answer to the ticket may serve.
ROUTES = ("/leads", "/enrich", "/availability", "/book", "/assign", "/webhooks/crm")

each_exercise = pytest.mark.parametrize("exercise", exercises(), ids=lambda one: str(one.id))


def code_cells(notebook: Any) -> List[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def anchors(path: Path) -> List[str]:
    """Where links into a notebook can lead, wherever it is rendered."""
    texts = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    headings = re.findall(r"^## (.+)$", "\n".join(texts), re.MULTILINE)
    return [heading.replace(" ", "-") for heading in headings]


def links(text: str, folder: Path) -> Iterator[Tuple[Path, str]]:
    """The links to files of the workbook: where they lead, and to which anchor."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        yield (folder / path).resolve(), anchor


@each_exercise
def test_a_notebook_runs_from_top_to_bottom_and_what_is_kept_of_it_is_fresh(
    exercise: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A person's own settings and start-up files are no part of it.
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    path = notebook_of(exercise)
    kept = read(path)
    assert structure(run(path)) == structure(kept), FRESHEN


@each_exercise
def test_what_is_kept_was_made_by_these_cells_in_this_order(exercise: Exercise) -> None:
    kept = read(notebook_of(exercise))
    assert kept.metadata.get("workbook") == {"sources": digest(kept)}, FRESHEN
    counts = [cell.execution_count for cell in code_cells(kept)]
    assert counts == list(range(1, len(counts) + 1)), FRESHEN


def test_a_cell_that_has_changed_is_stale_an_answer_to_a_question_is_not() -> None:
    kept = read(notebooks()[0])
    before = digest(kept)
    for cell in code_cells(kept):
        if cell.metadata.get("tags") == ["check"]:
            cell.source = cell.source.replace("...", "True")
    assert digest(kept) == before
    code_cells(kept)[0].source += "  # changed"
    assert digest(kept) != before


def test_other_numbers_are_the_same_structure_another_kind_of_output_is_not() -> None:
    kept = read(notebooks()[0])
    before = structure(kept)
    outputs = code_cells(kept)[0].outputs
    outputs[0].data["text/html"] = "<b>42</b>"
    outputs.append({"output_type": "stream", "name": "stderr", "text": "a library complains"})
    assert structure(kept) == before
    outputs.append({"output_type": "stream", "name": "stdout", "text": "something is printed"})
    assert structure(kept) != before


@each_exercise
def test_a_notebook_is_small_and_names_no_machine(exercise: Exercise) -> None:
    path = notebook_of(exercise)
    kept = read(path)
    assert path.stat().st_size < LARGEST
    assert len(kept.cells) <= MOST_CELLS
    outputs = json.dumps([cell.outputs for cell in code_cells(kept)])
    assert '"output_type": "error"' not in outputs
    for place in (str(ROOT), str(Path.home()) + "/", "/home/", "/Users/", "/tmp/"):
        assert place not in outputs


def test_there_is_a_notebook_for_each_ticket() -> None:
    assert [notebook_of(exercise) for exercise in exercises()] == notebooks()


@each_exercise
def test_a_notebook_asks_and_ends_with_the_scorecard(exercise: Exercise) -> None:
    cells = code_cells(read(notebook_of(exercise)))
    asking = [cell for cell in cells if cell.metadata.get("tags") == ["check"]]
    assert 2 <= len(asking) <= 3
    assert cells[-1].source.endswith(f'grader.grade("{exercise.id}")')
    assert "text/html" in cells[-1].outputs[-1]["data"]


@each_exercise
def test_headings_make_the_same_anchor_in_every_renderer(exercise: Exercise) -> None:
    """Some make anchors lower-case, some do not; some keep what is no letter, some do not."""
    found = anchors(notebook_of(exercise))
    assert all(re.fullmatch(r"[a-z0-9-]+", anchor) for anchor in found)
    assert len(set(found)) == len(found)


@each_exercise
def test_every_criterion_has_a_section_that_its_hints_link_to(exercise: Exercise) -> None:
    notebook = notebook_of(exercise)
    hints = read_hints(exercise)
    for criterion in exercise.ticket().criteria:
        text = "\n".join(hints[criterion.id])
        found = [
            anchor
            for path, anchor in links(text, exercise.acceptance)
            if path == notebook.resolve()
        ]
        assert found, f"the hints for {criterion.id} name no section of {notebook.name}"
        assert set(found) <= set(anchors(notebook)), criterion.id


def _pages() -> List[Path]:
    return [
        ROOT / "README.md",
        *(page for one in exercises() for page in (one.readme, one.acceptance / "hints.md")),
    ]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_into_notebooks_lead_somewhere(page: Path) -> None:
    for path, anchor in links(page.read_text(encoding="utf-8"), page.parent):
        if FOLDER in path.parents:
            assert path.exists(), path
            assert not anchor or anchor in anchors(path), f"{path.name}#{anchor}"


@each_exercise
def test_links_out_of_a_notebook_lead_somewhere(exercise: Exercise) -> None:
    for cell in read(notebook_of(exercise)).cells:
        if cell.cell_type == "markdown":
            for path, _ in links(cell.source, FOLDER):
                assert path.exists(), path


@each_exercise
def test_no_cell_serves_what_a_ticket_asks_for(exercise: Exercise) -> None:
    for cell in code_cells(read(notebook_of(exercise))):
        assert not any(route in cell.source for route in ROUTES), cell.source


@each_exercise
def test_pasted_into_the_stub_no_cell_makes_a_criterion_pass(
    exercise: Exercise, tmp_path: Path, launcher: Launcher
) -> None:
    """All definitions of a notebook at once, below the stub; then each cell that makes an app."""
    cells = [cell.source for cell in code_cells(read(notebook_of(exercise)))]
    stub = (exercise.acceptance / "stub.py").read_text(encoding="utf-8")
    # Names that are used in annotations alone need not be there.
    pasted = ["from __future__ import annotations\n", stub, *map(definitions, cells)]
    programs = ["\n".join(pasted), *(definitions(one) for one in cells if "FastAPI(" in one)]
    for number, program in enumerate(programs):
        file = tmp_path / str(number) / "main.py"
        file.parent.mkdir()
        file.write_text(program, encoding="utf-8")
        result = grade(Request(exercise, file, seed=7), launcher)
        assert number or result.problem is None, result.problem
        passed = [one.id for one in result.criteria if one.verdict is Verdict.PASSED]
        assert not passed, f"{passed} by:\n{program}"


def definitions(source: str) -> str:
    """What a cell defines, and an app if it makes one, without what it shows and measures."""
    tree = compile(
        source,
        "cell",
        "exec",
        ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        dont_inherit=True,
    )
    assert isinstance(tree, ast.Module)
    return "\n\n".join(segment(source, one) for one in tree.body if is_definition(one))


def is_definition(statement: ast.stmt) -> bool:
    """Whether a service could need it; the workbook's own modules are not there for one."""
    if isinstance(statement, ast.ImportFrom):
        return not str(statement.module).startswith("lesson")
    if isinstance(statement, ast.Import):
        return all(alias.name != "grader" for alias in statement.names)
    if isinstance(statement, ast.Assign):
        return "id='FastAPI'" in ast.dump(statement)
    return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def segment(source: str, statement: ast.stmt) -> str:
    """The lines of a statement, its decorators included."""
    decorators: List[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    return "\n".join(source.splitlines()[first - 1 : statement.end_lineno])


# The check-yourself cells.


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("lesson.questions")


def marks(feedback: Any) -> str:
    return "".join(mark for mark, _ in feedback.lines)


def asked(exercise_number: int, name: str) -> Dict[Any, Any]:
    """The questions of a check-yourself cell, as a learner finds them."""
    path = notebooks()[exercise_number - 1]
    (cell,) = [one for one in code_cells(read(path)) if f"questions.{name}(" in one.source]
    found = re.search(r"^\w+ = (\{.*?\})$", cell.source, re.MULTILINE | re.DOTALL)
    assert found is not None
    answers = ast.literal_eval(found[1])
    assert set(answers.values()) == {...}
    return dict(answers)


def test_an_open_question_is_neither_right_nor_wrong(questions: Any) -> None:
    feedback = questions.validation_or_rule(asked(1, "validation_or_rule"))
    assert set(marks(feedback)) == {"○"}
    assert "Not answered yet" in repr(feedback)
    assert "Not answered yet" in feedback._repr_html_()


@pytest.mark.parametrize(
    ("number", "name", "right"),
    [
        (
            1,
            "validation_or_rule",
            ["validation", "rule", "rule", "validation", "rule", "validation"],
        ),
        (2, "which_status", [202, 201, 204, 200, 404]),
        (3, "why_not", [200, 409, 404, 422]),
        (5, "guesses", [640, 8192, 16**64]),
    ],
)
def test_answers_are_held_against_the_truth(
    questions: Any, number: int, name: str, right: List[Any]
) -> None:
    answers = dict(zip(asked(number, name), right))
    feedback = getattr(questions, name)(answers)
    assert feedback.right
    assert "All right." in repr(feedback)
    wrong = getattr(questions, name)(dict.fromkeys(answers, "something else"))
    assert set(marks(wrong)) == {"✗"}


def test_the_truth_is_worked_out(questions: Any) -> None:
    from pydantic import Field
    from typing_extensions import Annotated

    field = Annotated[int, Field(strict=True, ge=1, le=30_000)]
    answers = asked(1, "is_accepted")
    right = dict(zip(answers, [True, False, False, False, True, False]))
    assert questions.is_accepted(field, right).right
    assert marks(questions.is_accepted(field, dict.fromkeys(answers, True))) == "✓✗✗✗✓✗"
    bodies = asked(5, "fits")
    signed = next(iter(bodies))
    assert questions.fits(signed, {body: body == signed for body in bodies}).right
    assert marks(questions.fits(signed, dict.fromkeys(bodies, True))) == "✓✗✗✗✗"


def test_estimates_are_held_against_a_measurement(questions: Any) -> None:
    answers = asked(2, "eight_jobs")
    far_off = asyncio.run(questions.eight_jobs(dict.fromkeys(answers, 60)))
    assert set(marks(far_off)) == {"✗"}
    assert "measured just now" in repr(far_off)


def test_moves_are_counted(questions: Any) -> None:
    numpy = importlib.import_module("numpy")
    points = numpy.arange(10_000) / 10_000
    answers = asked(4, "moved")
    assert questions.moved(points, dict(zip(answers, [0.5, 0.25, 0.5]))).right


LOCKERS = {
    "open": ("...", "○○○"),
    "right": (
        'int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % lockers',
        "✓✓✓",
    ),
    "salted": ("hash(name) % lockers", "✓✗✓"),
    "uneven": ("len(name) % lockers", "✓✓✗"),
    "outside": ("zlib.crc32(name.encode()) % lockers + 1", "✗"),
    "needs more": ("hashlib_of(name) % lockers", "✓✗✓"),
}


@pytest.mark.parametrize(("expression", "expected"), LOCKERS.values(), ids=list(LOCKERS))
def test_a_function_is_tried(
    questions: Any,
    expression: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a file, since the other process is given the function's source."""
    source = (
        "import hashlib, zlib\n"
        "def hashlib_of(name):\n    return zlib.crc32(name.encode())\n"
        f"def locker(name, lockers):\n    return {expression}\n"
    )
    (tmp_path / f"locker_{abs(hash(expression))}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module(f"locker_{abs(hash(expression))}")
    assert marks(questions.locker(module.locker)) == expected


STATEMENTS = {
    "right": (
        "UPDATE accounts SET balance = balance - 50 WHERE id = 1 AND balance >= 50",
        "✓✓✓✓",
    ),
    "no look": ("UPDATE accounts SET balance = balance - 50 WHERE id = 1", "✓✗✗✓"),
    "a fixed number": ("UPDATE accounts SET balance = 30 WHERE id = 1 AND balance = 80", "✓✓✓✓"),
    "all accounts": ("UPDATE accounts SET balance = balance - 50 WHERE balance >= 50", "✓✓✓✗"),
    "no SQL": ("UPDATE acounts", "✗"),
}


def test_a_statement_is_executed(questions: Any) -> None:
    with Databases() as databases:
        database = databases.create()
        assert marks(questions.one_statement(database, ...)) == "○○○○"
        for statement, expected in STATEMENTS.values():
            feedback = questions.one_statement(database, statement)
            assert marks(feedback) == expected, (statement, feedback)


# The command.


def test_jupyterlab_opens_the_notebook_in_the_workbook() -> None:
    opened = notebook_of(exercises()[2])
    command = lab_command(opened, ["--no-browser"])
    assert f"--ServerApp.root_dir={ROOT}" in command
    assert command[-2:] == ["--no-browser", str(opened)]


def test_the_command_installs_what_notebooks_need() -> None:
    needs = [file.relative_to(ROOT).as_posix() for file in bootstrap.needed_files(["notebooks"])]
    assert needs == ["requirements.txt", "notebooks/requirements.txt"]


def test_another_exercise_than_the_five_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["notebooks", "ex-9"]) == 2
    assert "ex-9" in capsys.readouterr().err
