"""The exercises and their tickets, read from the READMEs: the only place where criteria stand.

A ticket's README opens with ``# PROJ-101 · Title`` and has one heading a criterion::

    ### AC1 · 25 points · A qualified lead is accepted
    ### ★ NOTES · Notes name the value that failed

whose statement is the text up to the next heading.
"""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from grader.errors import UsageError, WorkbookError

ROOT = Path(__file__).resolve().parent.parent
EXERCISE_IDS = ("ex-1", "ex-2", "ex-3", "ex-4", "ex-5")
CORE_POINTS = 100

_TICKET = re.compile(r"# (PROJ-10([1-5])) · (\S.*)")
_CORE = re.compile(r"### (AC\d+) · (\d+) points · (\S.*)")
_STRETCH = re.compile(r"### ★ ([A-Z]+) · (\S.*)")
_HEADING = re.compile(r"#{1,6} ")


@dataclass(frozen=True)
class Criterion:
    """One line of what a ticket asks. ``points`` is 0 for a stretch criterion."""

    id: str
    kind: str
    points: int
    title: str
    statement: str


@dataclass(frozen=True)
class Ticket:
    """What a learner is asked to build: the readable part of an exercise's README."""

    id: str
    title: str
    criteria: Tuple[Criterion, ...]


@dataclass(frozen=True)
class Exercise:
    """One exercise of a workbook, by its folder."""

    id: str
    root: Path

    @property
    def folder(self) -> Path:
        """Where the learner works."""
        return self.root / self.id

    @property
    def readme(self) -> Path:
        """The ticket."""
        return self.folder / "README.md"

    @property
    def acceptance(self) -> Path:
        """The folder of the hidden tests."""
        return self.folder / ".acceptance"

    @property
    def solutions(self) -> Path:
        """The folder of the reference, the accepted and the rejected solutions."""
        return self.root / "solutions" / self.id

    @property
    def notebook(self) -> Optional[Path]:
        """The notebook that belongs to it, if there is one: the two share their number."""
        number = int(self.id.rpartition("-")[2])
        return next(iter(sorted((self.root / "notebooks").glob(f"{number:02}-*.ipynb"))), None)

    def ticket(self) -> Ticket:
        """Read the ticket.

        Raises:
            WorkbookError: the README is missing or breaks the form, with file and line.
        """
        return read_ticket(self.readme)


@dataclass(frozen=True)
class Request:
    """What is to be graded, and how; ``only`` names criteria, None stands for all."""

    exercise: Exercise
    submission: Path
    seed: int
    only: Optional[Sequence[str]] = None


def exercises(root: Path = ROOT) -> Tuple[Exercise, ...]:
    """All five exercises of the workbook under ``root``."""
    return tuple(Exercise(name, root) for name in EXERCISE_IDS)


def find_exercise(name: str, root: Path = ROOT) -> Exercise:
    """The exercise that a person means by ``ex-1``, ``ex1``, ``1`` or ``PROJ-101``.

    Raises:
        UsageError: there is none, with the nearest name where one is near.
    """
    return Exercise(_aliases().get(name.strip().rstrip("/\\").lower()) or _unknown(name), root)


def find_exercises(names: str) -> List[Exercise]:
    """The exercises of a list as it is typed, "ex-1,ex-2"; raises as ``find_exercise``."""
    return [find_exercise(name) for name in names.split(",") if name]


def _aliases() -> Dict[str, str]:
    names = {}
    for exercise in EXERCISE_IDS:
        number = exercise[-1]
        for alias in (exercise, "ex" + number, "ex_" + number, number, "proj-10" + number):
            names[alias] = exercise
    return names


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), list(_aliases()), n=1)
    meant = f" Did you mean {_aliases()[near[0]]}?" if near else ""
    shown = name if name.isprintable() else ascii(name)
    raise UsageError(f"There is no exercise {shown!r}.{meant} There are {', '.join(EXERCISE_IDS)}.")


def select_criteria(ticket: Ticket, wanted: Optional[Sequence[str]]) -> Tuple[Criterion, ...]:
    """The criteria of ``ticket`` named in ``wanted``, or all of them when it is None.

    Raises:
        UsageError: a name is not one of the ticket's criteria.
    """
    if wanted is None:
        return ticket.criteria
    known = {criterion.id: criterion for criterion in ticket.criteria}
    chosen = [name.strip().lstrip("★").strip().upper() for name in wanted if name.strip()]
    for name in chosen:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise UsageError(
                f"{ticket.id} has no criterion {name!r}.{meant} It has {', '.join(known)}."
            )
    if not chosen:
        raise UsageError(f"--only names no criterion; {ticket.id} has {', '.join(known)}.")
    return tuple(known[name] for name in known if name in chosen)


def read_ticket(readme: Path) -> Ticket:
    """Read the ticket that a README holds.

    Raises:
        WorkbookError: the README cannot be read as a ticket, with file and line.
    """
    try:
        lines = readme.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{readme}: the ticket cannot be read ({error}).") from error
    first = _TICKET.fullmatch(lines[0].rstrip()) if lines else None
    if first is None:
        raise WorkbookError(f"{readme}:1: the first line must read '# PROJ-10N · Title'.")
    criteria = _criteria(readme, lines)
    _check_points(readme, criteria)
    return Ticket(first.group(1), first.group(3).strip(), tuple(criteria))


def _criteria(readme: Path, lines: List[str]) -> List[Criterion]:
    criteria: List[Criterion] = []
    for number, line in enumerate(lines):
        core = _CORE.fullmatch(line.rstrip())
        stretch = _STRETCH.fullmatch(line.rstrip())
        if core is None and stretch is None:
            if re.match(r"### (AC\d|★)", line):
                raise WorkbookError(
                    f"{readme}:{number + 1}: a criterion reads '### AC1 · 20 points · Title' "
                    f"or '### ★ NAME · Title', not {line.rstrip()!r}."
                )
            continue
        statement = _statement(lines[number + 1 :])
        if not statement:
            raise WorkbookError(f"{readme}:{number + 1}: the criterion has no statement below it.")
        if core is not None:
            made = Criterion(core[1], "core", int(core[2]), core[3].strip(), statement)
        else:
            assert stretch is not None  # one of the two matched, or the loop went on
            made = Criterion(stretch[1], "stretch", 0, stretch[2].strip(), statement)
        if any(made.id == other.id for other in criteria):
            raise WorkbookError(f"{readme}:{number + 1}: {made.id} stands here a second time.")
        criteria.append(made)
    return criteria


def _statement(following: List[str]) -> str:
    body = []
    for line in following:
        if _HEADING.match(line):
            break
        body.append(line.rstrip())
    return "\n".join(body).strip()


def _check_points(readme: Path, criteria: List[Criterion]) -> None:
    if not criteria:
        raise WorkbookError(f"{readme}: there is no criterion ('### AC1 · 25 points · Title').")
    total = sum(criterion.points for criterion in criteria)
    if total != CORE_POINTS:
        raise WorkbookError(f"{readme}: the points add up to {total}, not {CORE_POINTS}.")
