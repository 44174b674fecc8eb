"""Words that several reports share."""

import functools
import os
import shutil
from typing import AbstractSet, Dict, List

from grader.scorecard import Check, CriterionResult, ExerciseResult, Scorecard, Verdict

MARKS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.BLOCKED: "–",
    Verdict.ERROR: "!",
}
NAMES = {
    Verdict.PASSED: "holds",
    Verdict.FAILED: "does not hold",
    Verdict.BLOCKED: "could not be tried",
    Verdict.ERROR: "could not be judged (a fault of the grader, not yours)",
}
# That it is the same mistake nobody can tell: it is known by which checks fail.
LOOKS_LIKE = "A known mistake fails in the same way:"


def command(arguments: str) -> str:
    """A command of the grader as it is typed on this machine."""
    return f"{_python()} -m grader {arguments}".rstrip()


@functools.lru_cache(maxsize=None)
def _python() -> str:
    names = ("py", "python") if os.name == "nt" else ("python", "python3")
    return next((name for name in names if shutil.which(name)), names[0])


def heading(result: ExerciseResult) -> str:
    """The exercise in one line."""
    return f"{result.exercise} · {result.ticket} · {result.title}"


def name_of(criterion: CriterionResult) -> str:
    """The criterion in one line."""
    star = "★ " if criterion.kind == "stretch" else ""
    return f"{star}{criterion.id} · {criterion.title}"


def open_checks(criterion: CriterionResult) -> List[Check]:
    """The checks that decided against the criterion."""
    if criterion.verdict is Verdict.PASSED:
        return []
    return [check for check in criterion.checks if check.verdict is criterion.verdict]


def telling_checks(criterion: CriterionResult, told: AbstractSet[str] = frozenset()) -> List[Check]:
    """The open checks that say something different each, less what was told already.

    Variants of one check ("… [CEO]", "… [CTO]") say the same of different values.
    """
    telling: Dict[str, Check] = {}
    messages = set(told)
    for check in open_checks(criterion):
        if check.message not in messages:
            telling.setdefault(check.name.partition(" [")[0], check)
            messages.add(check.message)
    return list(telling.values())


def details(check: Check) -> str:
    """All that is known of a check that did not pass, as plain text."""
    lines = [check.name, check.message]
    for exchange in check.exchanges[-1:]:
        status = exchange.status if exchange.status is not None else "no answer"
        lines += [
            "",
            f"sent    {exchange.method} {exchange.url}",
            exchange.request,
            f"got     {status}",
            exchange.response,
            f"try it  {exchange.curl}",
        ]
    return "\n".join(line for line in lines if line is not None)


def surroundings(scorecard: Scorecard) -> str:
    """What the run can be repeated with."""
    environment = scorecard.environment
    walls = ", ".join(environment.get("sandbox") or []) or "none"
    return f"seed {scorecard.seed} · Python {environment.get('python')} · sandbox: {walls}"
