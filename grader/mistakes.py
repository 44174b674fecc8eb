"""Known mistakes: which rejected solution a failing submission looks like.

A mistake's fingerprint is the set of core checks that its rejected solution fails, each with the
status that was answered wrongly, or the field that the message begins with, if there is one. The
fingerprints are kept in ``.acceptance/known_mistakes.json`` as ``AC4: the check → 400`` or
``AC1: the check → email``, written by ``verify --write`` and held true by the project's tests. A
match is claimed only when exactly one mistake has that set.
"""

import dataclasses
import json
import re
from pathlib import Path
from typing import Dict, FrozenSet, Iterable, List, Optional, Set, Tuple

from grader.errors import WorkbookError
from grader.scorecard import ExerciseResult, KnownMistake, Verdict
from grader.verification import Case, cases
from grader.workbook import Exercise

Fingerprint = FrozenSet[str]

_WRONG = re.compile(r"answered (?P<status>\d{3})|^`(?P<field>\w+)` ")


def fingerprint(result: ExerciseResult) -> Fingerprint:
    """The core checks that a submission failed, by criterion and name, with what was wrong."""
    return frozenset(
        f"{criterion.id}: {check.name}{_wrong(check.message)}"
        for criterion in result.core
        for check in criterion.checks
        if check.verdict is Verdict.FAILED
    )


def _wrong(message: str) -> str:
    found = _WRONG.search(message)
    return f" → {found['status'] or found['field']}" if found is not None else ""


def file_of(exercise: Exercise) -> Path:
    """Where an exercise's fingerprints are kept."""
    return exercise.acceptance / "known_mistakes.json"


def read_fingerprints(exercise: Exercise) -> Dict[str, Fingerprint]:
    """The fingerprint of each rejected solution by its file's stem; empty if none were written.

    Raises:
        WorkbookError: the file cannot be read.
    """
    file = file_of(exercise)
    if not file.exists():
        return {}
    try:
        kept: Dict[str, List[str]] = json.loads(file.read_text(encoding="utf-8"))
        return {name: frozenset(checks) for name, checks in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise WorkbookError(f"{file}: the known mistakes cannot be read ({error}).") from error


def write_fingerprints(
    exercise: Exercise, graded: Iterable[Tuple[Case, Optional[ExerciseResult]]]
) -> None:
    """Keep the fingerprints of the rejected solutions among ``graded``.

    ``graded`` holds each solution once for every seed; a fingerprint that varies is none.
    """
    seen: Dict[str, Set[Fingerprint]] = {}
    for case, result in graded:
        if case.kind == "rejected" and result is not None:
            seen.setdefault(case.path.stem, set()).add(fingerprint(result))
    kept = {
        name: sorted(only)
        for name, prints in seen.items()
        if len(prints) == 1
        for only in prints
        if only
    }
    text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    file_of(exercise).write_text(text, encoding="utf-8")


def with_known_mistake(exercise: Exercise, result: ExerciseResult) -> ExerciseResult:
    """The same result, with the known mistake that it looks like, if there is one."""
    if result.passed:
        return result
    return dataclasses.replace(result, looks_like=recognise(exercise, result))


def recognise(exercise: Exercise, result: ExerciseResult) -> Optional[KnownMistake]:
    """The known mistake that a submission shows, if it is unmistakable.

    Nothing is claimed where no core criterion holds yet: much is missing there, not mistaken.
    """
    seen = fingerprint(result)
    core = {criterion.id for criterion in result.core}
    whole = core == {c.id for c in exercise.ticket().criteria if c.kind == "core"}
    if result.problem or not seen or not whole or result.score == 0:
        return None
    known = read_fingerprints(exercise)
    matches = [name for name, checks in known.items() if checks == seen]
    if len(matches) != 1 or not exercise.solutions.is_dir():
        return None  # (a class may get the workbook without the solutions)
    return next(
        (
            KnownMistake(case.path.stem, case.title, case.explanation)
            for case in cases(exercise)
            if case.kind == "rejected" and case.path.stem == matches[0]
        ),
        None,
    )
