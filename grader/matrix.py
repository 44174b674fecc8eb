"""``python -m grader matrix``: the proof on every Python of this machine.

Each gets a clone of the project, an empty home, and the environment that the grader's own first run
makes there; then the solutions are graded, with what Linux offers and without. The verdicts must be
the same in every cell.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from grader.errors import UsageError
from grader.interpreters import Interpreter, interpreters, look_at
from grader.system import SWITCH
from grader.workbook import ROOT

OLDEST = (3, 8)
_UNEXPECTED = "    UNEXPECTED: "
_ROW = re.compile(r"(reference|stub|accepted/\S+|rejected/\S+)\s+(\S.*)")

Verdicts = Dict[str, str]


@dataclass(frozen=True)
class Cell:
    """One run: the verdicts that it printed, whether it was green, and its last words if not."""

    green: bool
    seconds: float
    verdicts: Verdicts = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True)
class Column:
    """What is run in each environment."""

    name: str
    arguments: Tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


def columns(exercises: Sequence[str], seed: int, *, selftest: bool) -> List[Column]:
    """The runs of each row: the proof, the proof without Linux's help, and, if asked, all tests."""
    proof = ("verify", *exercises, "--seed", str(seed))
    found = [Column("verify", proof), Column("portable", proof, {SWITCH: "1"})]
    return [*found, Column("selftest", ("selftest",))] if selftest else found


def chosen(names: Sequence[str]) -> List[Interpreter]:
    """The interpreters that were asked for by version or path; all that are new enough if none.

    Raises:
        UsageError: there is no such Python here.
    """
    here = interpreters()
    if not names:
        return [each for each in here if each.version >= OLDEST]
    return [_named(name, here) for name in names]


def _named(name: str, here: Sequence[Interpreter]) -> Interpreter:
    for each in here:
        if name in (each.name, ".".join(map(str, each.version))):
            return each
    found = look_at(Path(name)) if Path(name).is_file() else None
    if found is None:
        there = ", ".join(each.name for each in here)
        raise UsageError(f"There is no Python {name} here; there are {there}.")
    return found


def run(pythons: Sequence[Interpreter], runs: Sequence[Column], *, keep: bool = False) -> bool:
    """Run the matrix and print it, a row for each Python.

    Returns:
        Whether all is green and every cell gave the same verdicts.
    """
    print("".join(["Python".ljust(10), *(each.name.ljust(22) for each in runs)]).rstrip())
    cells: Dict[str, Cell] = {}
    for python in pythons:
        row = _row(python, runs, keep=keep)
        print(python.name.ljust(10) + "".join(_shown(cell).ljust(22) for cell in row), flush=True)
        of_row = {f"{python.name} {each.name}": cell for each, cell in zip(runs, row)}
        for name, cell in of_row.items():
            if not cell.green:
                print(f"\n{name}:\n{cell.words}\n", flush=True)
        cells.update(of_row)
    differing = differences({name: cell.verdicts for name, cell in cells.items() if cell.verdicts})
    print("\n".join(["", *differing]) if differing else "The verdicts are the same in every cell.")
    return not differing and all(cell.green for cell in cells.values())


def _shown(cell: Cell) -> str:
    return f"{'green' if cell.green else 'NOT green'}, {cell.seconds:.0f} s"


def _row(python: Interpreter, runs: Sequence[Column], *, keep: bool) -> List[Cell]:
    folder = Path(tempfile.mkdtemp(prefix=f"matrix-{python.name}-"))
    try:
        clone, home = folder / "a clone ü", folder / "home"
        home.mkdir()
        copy_project(clone)
        return [_cell(python, clone, home, each) for each in runs]
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(str(folder), ignore_errors=True)


def _cell(python: Interpreter, clone: Path, home: Path, column: Column) -> Cell:
    began = time.monotonic()
    left_out = ("PYTHONPATH", "VIRTUAL_ENV", SWITCH)
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    utf8 = {"HOME": str(home), "USERPROFILE": str(home), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [str(python.python), "-m", "grader", *column.arguments],
        cwd=str(clone),
        env={**inherited, **utf8, **column.variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - began
    words = telling_words((done.stdout + done.stderr).strip().splitlines())
    return Cell(done.returncode == 0, seconds, read_verdicts(done.stdout), words)


def telling_words(lines: Sequence[str]) -> str:
    """What a run that is not green said of it: each row that is not as expected, and the end."""
    told = [
        line
        for line, following in zip(lines, [*lines[1:], ""])
        if _UNEXPECTED in line or _UNEXPECTED in following
    ]
    return "\n".join([*told, *lines[-(5 if told else 30) :]])


def copy_project(target: Path) -> None:
    """Copy the project as a clone of it would be, with the changes that are not committed yet."""
    for path in _files():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(ROOT / path), str(target / path))


def _files() -> Iterator[str]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listed, cwd=str(ROOT), stdout=subprocess.PIPE, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise UsageError("The matrix copies the project by git: it needs a clone.") from None
    names = os.fsdecode(done.stdout).split("\0")
    return (name for name in names if name and (ROOT / name).is_file())


def read_verdicts(text: str) -> Verdicts:
    """The rows of the tables that ``verify`` prints, by ticket and solution."""
    found: Verdicts = {}
    ticket = ""
    for line in text.splitlines():
        if line.startswith("PROJ-"):
            ticket = line.split()[0]
        match = _ROW.fullmatch(line.strip())
        if match and ticket:
            found[f"{ticket} {match.group(1)}"] = " ".join(match.group(2).split())
    return found


def differences(cells: Mapping[str, Verdicts]) -> List[str]:
    """Where cells disagree, one line a solution; what was skipped in one (a package) is compared
    in the others."""
    names = dict.fromkeys(name for verdicts in cells.values() for name in verdicts)
    return [line for line in (_difference(name, cells) for name in names) if line]


def _difference(name: str, cells: Mapping[str, Verdicts]) -> Optional[str]:
    by_marks: Dict[str, List[str]] = {}
    for cell, verdicts in cells.items():
        marks = verdicts.get(name, "no verdict")
        if not marks.startswith("skipped"):
            by_marks.setdefault(marks, []).append(cell)
    if len(by_marks) < 2:
        return None
    told = "; ".join(f"{marks} ({', '.join(where)})" for marks, where in by_marks.items())
    return f"{name}: {told}"
