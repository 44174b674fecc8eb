"""The proof: reference and accepted solutions pass, rejected ones fail exactly where they say.

A rejected solution names in its docstring the criteria that fail (``Fails: AC2``) and those that
cannot be tried then (``Blocks: AC3``); an accepted one the stretch criteria that it holds
(``Stretch: NOTES``); either may name a package without which it is skipped (``Needs: x``).
"""

import ast
import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, Iterator, List, Optional, Set, Tuple

from grader.errors import WorkbookError
from grader.reports.words import MARKS
from grader.reset import stub_of
from grader.scorecard import ExerciseResult, Verdict
from grader.service.launcher import Launcher
from grader.service.loading import PLACES
from grader.side_by_side import grade_side_by_side
from grader.workbook import Exercise, Request, Ticket

# What this system gives no means to try: blocked there, whatever the solution.
UNTRIED = frozenset({"SHUTDOWN"}) if os.name == "nt" else frozenset()


@dataclass(frozen=True)
class Case:
    """A solution and the verdicts that it must get."""

    kind: str  # "reference", "accepted", "rejected" or "stub"
    path: Path
    title: str
    explanation: str = ""
    fails: FrozenSet[str] = frozenset()
    blocks: FrozenSet[str] = frozenset()
    stretch: FrozenSet[str] = frozenset()
    needs: Tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Short, unique within the exercise: "rejected/role_case"."""
        if self.kind in ("reference", "stub"):
            return self.kind
        return f"{self.kind}/{self.path.stem}"

    @property
    def runnable(self) -> bool:
        """Whether the packages that it needs are installed."""
        return all(importlib.util.find_spec(name) is not None for name in self.needs)


@dataclass(frozen=True)
class Outcome:
    """One exercise's proof: each case with its result (None: skipped) and what is not as said."""

    ticket: Ticket
    rows: Tuple[Tuple[Case, Optional[ExerciseResult], Tuple[str, ...]], ...]

    @property
    def as_expected(self) -> bool:
        """Whether every verdict is the one that was expected."""
        return not any(differences for _, _, differences in self.rows)


def cases(exercise: Exercise) -> List[Case]:
    """All solutions of an exercise with what they claim.

    Raises:
        WorkbookError: a docstring lacks what it must say.
    """
    ticket = exercise.ticket()
    known = {criterion.id for criterion in ticket.criteria}
    found = [
        Case("stub", stub_of(exercise), "the starter stub"),
        _read_case("reference", exercise.solutions / "main.py", known),
    ]
    for kind in ("accepted", "rejected"):
        for path in sorted((exercise.solutions / kind).iterdir()):
            if path.name != "__pycache__":
                found.append(_read_case(kind, path, known))
    return found


def _read_case(kind: str, path: Path, known: Set[str]) -> Case:
    source = path
    if path.is_dir():
        source = next((path / p for p in PLACES if (path / p).is_file()), path / "main.py")
    try:
        doc = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{source}: cannot be read as a solution ({error}).") from error
    if not doc.strip():
        raise WorkbookError(f"{source}:1: a solution says in its docstring what it is.")
    fails = _ids(doc, "Fails")
    named = fails | _ids(doc, "Blocks") | _ids(doc, "Stretch")
    if not named <= known:
        unknown = ", ".join(sorted(named - known))
        raise WorkbookError(f"{source}: the docstring names {unknown}, which the ticket has not.")
    if kind == "rejected" and not fails:
        raise WorkbookError(f"{source}: the docstring lacks its line 'Fails: AC1'.")
    stretch = {name for name in known if not re.match(r"AC\d", name)}
    return Case(
        kind=kind,
        path=path,
        title=doc.strip().splitlines()[0],
        explanation=_explanation(doc),
        fails=fails,
        blocks=_ids(doc, "Blocks"),
        stretch=frozenset(stretch) if kind == "reference" else _ids(doc, "Stretch"),
        needs=tuple(sorted(_words(doc, "Needs"))),
    )


def _words(doc: str, label: str) -> FrozenSet[str]:
    match = re.search(rf"^{label}:(.*)$", doc, re.MULTILINE)
    if match is None:
        return frozenset()
    return frozenset(word for word in re.split(r"[,\s]+", match.group(1)) if word)


def _ids(doc: str, label: str) -> FrozenSet[str]:
    return frozenset(word for word in _words(doc, label) if word != "★")


def _explanation(doc: str) -> str:
    """What stands between the title and the labelled lines."""
    body = doc.strip().splitlines()[1:]
    kept = [line for line in body if not re.match(r"(Fails|Blocks|Stretch|Needs):", line)]
    return "\n".join(kept).strip()


def differences(case: Case, result: ExerciseResult) -> Tuple[str, ...]:
    """Where the verdicts are not the ones that the case claims, one sentence each."""
    return tuple(_differences(case, result))


def _differences(case: Case, result: ExerciseResult) -> Iterator[str]:
    if result.problem is not None:
        yield f"it does not start: {result.problem.message}"
        return
    for criterion in result.criteria:
        wanted = _wanted(case, criterion.id, criterion.kind)
        if wanted and criterion.verdict not in wanted:
            said = " or ".join(sorted(verdict.value for verdict in wanted))
            message = next(
                (c.message for c in criterion.checks if c.verdict is criterion.verdict), ""
            )
            yield f"{criterion.id} is {criterion.verdict.value}, not {said}. {message}".strip()


def _wanted(case: Case, criterion: str, kind: str) -> FrozenSet[Verdict]:
    """The verdicts that a case allows for a criterion; empty where it claims none."""
    if case.kind == "stub":
        return frozenset({Verdict.FAILED}) if kind == "core" else frozenset()
    if criterion in UNTRIED:
        return frozenset({Verdict.BLOCKED})
    if criterion in case.fails:
        return frozenset({Verdict.FAILED})
    if criterion in case.blocks:
        return frozenset({Verdict.BLOCKED})
    if kind == "stretch" and case.kind == "accepted" and criterion not in case.stretch:
        return frozenset()
    return frozenset({Verdict.PASSED})


def grade_case(
    exercise: Exercise, case: Case, seed: int, launcher: Launcher
) -> Optional[ExerciseResult]:
    """Grade one case; None where it needs a package that is not installed."""
    from grader.grading import grade

    if not case.runnable:
        return None
    return grade(Request(exercise, case.path, seed), launcher)


def verify(exercise: Exercise, seed: int) -> Outcome:
    """Grade all cases of an exercise, on all cores, and compare.

    Raises:
        WorkbookError: a solution's docstring lacks what it must say.
        CannotJudge: a grading could not be done.
    """
    found = cases(exercise)
    runnable = [case for case in found if case.runnable]
    requests = [Request(exercise, case.path, seed) for case in runnable]
    # One more than there are processors: of some gradings half the time is waiting.
    graded = grade_side_by_side(requests, (os.cpu_count() or 1) + 1)
    results = dict(zip(runnable, graded))
    rows = [
        (case, results.get(case), differences(case, results[case]) if case in results else ())
        for case in found
    ]
    return Outcome(exercise.ticket(), tuple(rows))


def render(outcome: Outcome) -> str:
    """A table of solutions against criteria, with what is not as expected below its row."""
    ids = [criterion.id for criterion in outcome.ticket.criteria]
    widest = max(len(case.name) for case, _, _ in outcome.rows)
    lines = [f"{outcome.ticket.id} · {outcome.ticket.title}", ""]
    lines.append(" " * (widest + 2) + "  ".join(ids))
    for case, result, differing in outcome.rows:
        lines.append(case.name.ljust(widest + 2) + _marks(result, ids, case))
        lines += [f"    UNEXPECTED: {text}" for text in differing]
    return "\n".join([*lines, "", ""])


def _marks(result: Optional[ExerciseResult], ids: List[str], case: Case) -> str:
    if result is None:
        return f"skipped: needs {', '.join(case.needs)}"
    verdicts = {criterion.id: criterion.verdict for criterion in result.criteria}
    return "  ".join(MARKS[verdicts[name]].center(len(name)) for name in ids).rstrip()
