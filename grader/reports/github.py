"""Annotations for a GitHub workflow's log: one line a criterion that does not hold.

The form is that of workflow commands
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions). GitHub shows ten
errors and ten notices of a step, so the first ones have to be the ones that matter.
"""

from typing import Callable, Iterator, Optional, Tuple

from grader.reports.harmless import harmless
from grader.reports.words import NAMES, name_of, open_checks
from grader.scorecard import Check, CriterionResult, ExerciseResult, Scorecard, Verdict

LONGEST = 1000

Find = Callable[[Check], Optional[Tuple[str, int]]]


def render(scorecard: Scorecard) -> str:
    """The commands, one a line."""
    return annotations(scorecard, lambda check: None)


def annotations(scorecard: Scorecard, find: Find) -> str:
    """The same, where ``find`` tells the file and line that a check points to."""
    lines = [line for result in harmless(scorecard).exercises for line in _exercise(result, find)]
    return "".join(line + "\n" for line in lines)


def _exercise(result: ExerciseResult, find: Find) -> Iterator[str]:
    problem = result.problem
    if problem is not None:
        file = f"{result.exercise}/{problem.file or 'main.py'}"
        yield command(
            "error", file, problem.line, f"{result.exercise}: {problem.kind}", problem.message
        )
        return
    for criterion in result.criteria:
        if criterion.verdict is not Verdict.PASSED:
            yield _annotation(result, criterion, find)


def _annotation(result: ExerciseResult, criterion: CriterionResult, find: Find) -> str:
    kind = "error" if criterion.kind == "core" else "notice"
    title = f"{result.exercise}: {name_of(criterion)}"
    checks = open_checks(criterion)
    message = checks[0].message if checks else NAMES[criterion.verdict]
    place = next((found for found in map(find, checks) if found is not None), ("main.py", None))
    return command(kind, f"{result.exercise}/{place[0]}", place[1], title, message)


def command(kind: str, file: str, line: Optional[int], title: str, message: str) -> str:
    """One workflow command; nothing in its values can end it or begin another."""
    place = f",line={int(line)}" if line else ""
    return (
        f"::{kind} file={_property(file)}{place},title={_property(title[:200])}"
        f"::{_data(message[:LONGEST])}"
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
