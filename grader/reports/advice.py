"""What a learner may do next, as a scorecard tells it."""

from typing import List, Optional

from grader.reports.words import command
from grader.scorecard import CriterionResult, ExerciseResult, Verdict
from grader.workbook import CORE_POINTS, EXERCISE_IDS, find_exercise


def next_criterion(result: ExerciseResult) -> Optional[CriterionResult]:
    """The criterion to work on next: the first of the core that does not hold, then a badge."""
    failing = [c for c in (*result.core, *result.stretch) if c.verdict is not Verdict.PASSED]
    return failing[0] if failing else None


def advice(result: ExerciseResult, *, watched: bool = False) -> List[str]:
    """The next step in a few lines; what can be typed stands on a line of its own.

    Args:
        result: the run's.
        watched: whether a save grades anew, and a key gives the hint.
    """
    first = next_criterion(result)
    if result.unjudged:
        return ["The grader itself could not judge all of this; the fault is not yours."]
    if result.problem is not None:
        if watched:
            return ["Next: make it start, and save."]
        return ["Next: make it start. Then run:", "    " + command(result.exercise)]
    partial = result.max_score < CORE_POINTS  # then even a ★ was asked for by name
    if first is not None and (partial or not result.passed):
        begin = f"Next: {first.id}. Read its lines in {result.exercise}/README.md, change "
        if watched:
            return [f"{begin}{result.exercise}/main.py, and save. Stuck? Press h."]
        return [
            f"{begin}{result.exercise}/main.py, and run:",
            "    " + command(f"{result.exercise} --only {first.id}"),
            "Stuck?",
            "    " + command(f"hint {result.exercise} {first.id}"),
        ]
    if partial:
        held = ", ".join(criterion.id for criterion in result.criteria)
        verb = "holds" if len(result.criteria) == 1 else "hold"
        return [f"{held} {verb}. Now the whole ticket:", "    " + command(result.exercise)]
    return _done(result)


def _done(result: ExerciseResult) -> List[str]:
    """What there is to read and to do after a ticket."""
    exercise = find_exercise(result.exercise)
    lines = [f"{result.ticket} is done."]
    if exercise.notebook is not None:
        lines.append(f"  Read on:     notebooks/{exercise.notebook.name}, the ideas behind it")
    lines.append(f"  Compare:     solutions/{exercise.id}/main.py, how somebody else wrote it")
    badges = [c.id for c in result.stretch if c.verdict is not Verdict.PASSED]
    if badges:
        lines.append(f"  Go further:  ★ {', ★ '.join(badges)}")
    number = EXERCISE_IDS.index(exercise.id) + 1
    if number < len(EXERCISE_IDS):
        lines.append(f"  Next ticket: {EXERCISE_IDS[number]}/README.md")
    return lines
