"""Annotations for a GitHub workflow's log: one line a criterion that does not hold.

The form is that of workflow commands
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions). GitHub shows ten
errors and ten notices of a step, so the first ones have to be the ones that matter.
"""

from typing import Iterator, Optional

from grader.reports.words import NAMES, name_of, open_checks
from grader.scorecard import CriterionResult, ExerciseResult, Scorecard, Verdict

LONGEST = 1000


def render(scorecard: Scorecard) -> str:
    """The commands, one a line."""
    lines = [line for result in scorecard.exercises for line in _exercise(result)]
    return "".join(line + "\n" for line in lines)


def _exercise(result: ExerciseResult) -> Iterator[str]:
    problem = result.problem
    if problem is not None:
        file = f"{result.exercise}/{problem.file or 'main.py'}"
        yield command(
            "error", file, problem.line, f"{result.exercise}: {problem.kind}", problem.message
        )
        return
    for criterion in result.criteria:
        if criterion.verdict is not Verdict.PASSED:
            yield _annotation(result, criterion)


def _annotation(result: ExerciseResult, criterion: CriterionResult) -> str:
    kind = "error" if criterion.kind == "core" else "notice"
    title = f"{result.exercise}: {name_of(criterion)}"
    told = [check.message for check in open_checks(criterion)]
    message = told[0] if told else NAMES[criterion.verdict]
    return command(kind, f"{result.exercise}/main.py", None, title, message)


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
