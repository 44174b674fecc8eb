"""``autograde``: what the workflow of a pull request runs, so that its logic is tested Python.

Three steps: ``plan`` tells which exercises a pull request changes, ``grade`` grades one of them,
``verdict`` says pass or fail for the whole. All of the grader is the base branch's; of the pull
request the learner's folders alone are read (see ``pull_request``). Each step tells people what it
found in the job's summary (the file that ``GITHUB_STEP_SUMMARY`` names), or on standard output.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from grader.arguments import Parser, new_seed, seed
from grader.errors import (
    EXIT_CANNOT_JUDGE,
    EXIT_FAILED,
    EXIT_PASSED,
    GraderError,
    UsageError,
)
from grader.pull_request import Changes, Repository, shown
from grader.workbook import EXERCISE_IDS, ROOT, find_exercise

MOST_SHOWN = 20
LARGEST_SCORECARD = 20 * 1024 * 1024
# The files that `grade` writes, by the format that they are in.
REPORTS = {"json": ".json", "junit": ".junit.xml", "html": ".html", "markdown": ".md"}


def main(arguments: Sequence[str]) -> int:
    """Run one step; returns the exit code, which is that of a grading."""
    options = _parser().parse_args(arguments)
    if options.step == "plan":
        return _plan(options)
    return _grade(options) if options.step == "grade" else _verdict(options)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m grader autograde",
        description="Grade a pull request: the workflow's steps, which also run by hand.",
        allow_abbrev=False,
    )
    steps = parser.add_subparsers(dest="step", required=True, metavar="plan | grade | verdict")
    plan = steps.add_parser("plan", help="which exercises does it change?", allow_abbrev=False)
    grade = steps.add_parser("grade", help="grade one of them", allow_abbrev=False)
    grade.add_argument("exercise", metavar="EXERCISE")
    grade.add_argument("--seed", type=seed, metavar="N", help="repeat a run")
    verdict = steps.add_parser("verdict", help="pass or fail as a whole", allow_abbrev=False)
    for step in (plan, grade):
        step.add_argument("--repository", default=str(ROOT), metavar="DIR", help="a clone of it")
        step.add_argument("--head", default="HEAD", metavar="COMMIT", help="default: HEAD")
    plan.add_argument("--base", required=True, metavar="COMMIT", help="what it is based on")
    verdict.add_argument("--exercises", default="[]", metavar="JSON", help="what was planned")
    verdict.add_argument("--plan", default="success", metavar="RESULT", help="of the first job")
    verdict.add_argument("--grade", default="success", metavar="RESULT", help="of the second job")
    for step in (grade, verdict):
        step.add_argument("--reports", metavar="DIR", help="where the reports lie")
    return parser


def _plan(options: argparse.Namespace) -> int:
    repository = Repository(Path(options.repository))
    head, base = repository.commit(options.head), repository.commit(options.base)
    changes = repository.changes(base, head)
    _tell("".join(line + "\n" for line in _plan_lines(changes)))
    output = os.environ.get("GITHUB_OUTPUT")
    if output:
        with open(output, "a", encoding="utf-8") as file:  # noqa: PTH123 (may be no regular file)
            file.write(f"exercises={json.dumps(changes.exercises)}\n")
    return EXIT_PASSED


def _plan_lines(changes: Changes) -> Iterator[str]:
    from grader.reports.markdown import block

    yield f"Graded here: {', '.join(changes.exercises) or 'nothing, since no exercise changed'}."
    if not changes.others:
        return
    yield ""
    yield "**Not taken from this pull request**, but from the branch that it goes to:"
    yield ""
    rest = len(changes.others) - MOST_SHOWN
    names = [shown(path) for path in changes.others[:MOST_SHOWN]]
    yield block("\n".join([*names, *([f"… and {rest} more"] if rest > 0 else [])]))
    if changes.workflows:
        yield ""
        yield (
            "It changes `.github/`: what ran may be its own workflow, so read the change before "
            "you believe a green mark, or grade it on your machine (`.github/AUTOGRADING.md`)."
        )


def _grade(options: argparse.Namespace) -> int:
    exercise = find_exercise(options.exercise)
    repository = Repository(Path(options.repository))
    head = repository.commit(options.head)
    try:
        with tempfile.TemporaryDirectory(prefix="pull-request-") as folder:
            taken = Path(folder) / exercise.id
            taken.mkdir()
            notes = repository.take(head, exercise.id, taken)
            scorecard = _scorecard(exercise.id, taken, options.seed, notes)
            _report(scorecard, taken, options.reports)
    except GraderError as error:
        from grader.reports.markdown import escape

        _tell(f"{exercise.id} could not be graded: {escape(str(error))}\n")
        raise
    if scorecard.unjudged:
        return EXIT_CANNOT_JUDGE
    return EXIT_PASSED if scorecard.passed else EXIT_FAILED


def _scorecard(name: str, folder: Path, chosen: Optional[int], notes: Tuple[str, ...]) -> Any:
    from grader.run import scorecard_of

    run_seed = new_seed() if chosen is None else chosen
    scorecard = scorecard_of(find_exercise(name), folder, run_seed)
    (result,) = scorecard.exercises
    result = dataclasses.replace(result, notes=(*notes, *result.notes))
    return dataclasses.replace(scorecard, exercises=(result,))


def _report(scorecard: Any, folder: Path, reports: Optional[str]) -> None:
    from grader.places import finder
    from grader.reports import github, renderer

    if reports is not None:
        target = Path(reports)
        target.mkdir(parents=True, exist_ok=True)
        for name, ending in REPORTS.items():
            file = target / (scorecard.exercises[0].exercise + ending)
            file.write_text(renderer(name)(scorecard), encoding="utf-8")
    with _no_commands():
        sys.stdout.write(renderer("text")(scorecard))
    if os.environ.get("GITHUB_ACTIONS"):
        sys.stdout.write(github.annotations(scorecard, finder(folder)))
        _tell(renderer("markdown")(scorecard))
    sys.stdout.flush()


@contextlib.contextmanager
def _no_commands() -> Iterator[None]:
    """Let a workflow's runner take no line of what is printed as a command to it."""
    token = secrets.token_hex(16)
    if os.environ.get("GITHUB_ACTIONS"):
        print(f"::stop-commands::{token}")
    yield
    if os.environ.get("GITHUB_ACTIONS"):
        print(f"::{token}::")


def _verdict(options: argparse.Namespace) -> int:
    if options.plan != "success":
        _tell("What this pull request changes could not be found out; see the first job's log.\n")
        return EXIT_CANNOT_JUDGE
    planned = _planned(options.exercises)
    found = {name: _kept_scorecard(Path(options.reports or "."), name) for name in planned}
    _tell("".join(line + "\n" for line in _verdict_lines(found)))
    if any(card is None or card["unjudged"] for card in found.values()):
        return EXIT_CANNOT_JUDGE
    if not all(card and card["passed"] for card in found.values()):
        return EXIT_FAILED
    if found and options.grade != "success":
        _tell("A job ended otherwise than its scorecard says; see its log.\n")
        return EXIT_CANNOT_JUDGE
    return EXIT_PASSED


def _planned(text: str) -> List[str]:
    try:
        planned = json.loads(text)
    except ValueError:
        planned = None
    if not isinstance(planned, list) or not all(name in EXERCISE_IDS for name in planned):
        raise UsageError('--exercises takes a list in JSON, as in ["ex-1", "ex-3"].')
    return planned


def _kept_scorecard(reports: Path, name: str) -> Optional[Dict[str, Any]]:
    """What the verdict needs of a scorecard that ``grade`` has written; None without one."""
    file = reports / f"{name}.json"
    try:
        if file.stat().st_size > LARGEST_SCORECARD:
            return None
        (result,) = json.loads(file.read_text(encoding="utf-8"))["exercises"]
        core = [c["verdict"] for c in result["criteria"] if c["kind"] == "core"]
        return {
            "score": int(result["score"]),
            "max_score": int(result["max_score"]),
            "passed": bool(core) and set(core) == {"passed"},
            "unjudged": "error" in core,
        }
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _verdict_lines(found: Dict[str, Optional[Dict[str, Any]]]) -> Iterator[str]:
    if not found:
        yield "This pull request changes no exercise: there was nothing to grade."
        return
    cards = [card for card in found.values() if card is not None]
    total = sum(card["score"] for card in cards)
    yield f"# {total} of {100 * len(found)} points"
    yield ""
    yield "| Exercise | Points | |"
    yield "| --- | ---: | --- |"
    for name, card in found.items():
        if card is None:
            yield f"| {name} | – | no scorecard: see its job's log |"
        else:
            said = "passed" if card["passed"] else "not yet"
            said = "could not be judged, a fault of the grader" if card["unjudged"] else said
            yield f"| {name} | {card['score']}/{card['max_score']} | {said} |"


def _tell(markdown: str) -> None:
    """Add to the job's summary; by hand, print it."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with open(summary, "a", encoding="utf-8") as file:  # noqa: PTH123 (see above)
            file.write(markdown + "\n")
    else:
        with _no_commands():
            sys.stdout.write(markdown)
