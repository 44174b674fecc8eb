"""The scorecard as Gradescope's results.json.

The form is that of its autograder specification
(https://gradescope-autograders.readthedocs.io/en/latest/specs/).
"""

import json
from typing import Any, Dict, List

from grader.reports.harmless import harmless
from grader.reports.words import details, heading, name_of, open_checks, surroundings
from grader.scorecard import CriterionResult, ExerciseResult, Scorecard, Verdict

LONGEST = 8_000


def render(scorecard: Scorecard) -> str:
    """The document, with a newline at its end."""
    scorecard = harmless(scorecard)
    document = {
        "score": scorecard.score,
        "execution_time": round(sum(result.duration for result in scorecard.exercises), 3),
        "output": surroundings(scorecard),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [test for result in scorecard.exercises for test in _tests(result)],
        "extra_data": {"max_score": scorecard.max_score, "seed": scorecard.seed},
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _tests(result: ExerciseResult) -> List[Dict[str, Any]]:
    return [_test(result, criterion) for criterion in result.criteria]


def _test(result: ExerciseResult, criterion: CriterionResult) -> Dict[str, Any]:
    output = "\n\n".join(details(check) for check in open_checks(criterion)[:3])
    if result.problem is not None:
        output = f"{result.problem.message}\n{result.problem.detail}"
    return {
        # Stretch criteria carry no points: they are shown, and change nothing.
        "score": criterion.earned,
        "max_score": criterion.points,
        "status": "passed" if criterion.verdict is Verdict.PASSED else "failed",
        "name": f"{heading(result)} · {name_of(criterion)}",
        "number": f"{result.exercise} {criterion.id}",
        "output": output[:LONGEST],
        "tags": [criterion.kind],
        "visibility": "visible",
    }
