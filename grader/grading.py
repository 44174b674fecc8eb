"""One grading: run the hidden tests of an exercise against a submission, fill in the result."""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Iterator, Optional, Sequence, Set, Tuple

import pytest

from grader.acceptance.examination import Examination, Findings
from grader.acceptance.plugin import AcceptancePlugin, Progress
from grader.acceptance.stage import Stage
from grader.errors import CannotJudge, WorkbookError
from grader.installing import pip_install
from grader.scorecard import Check, CriterionResult, ExerciseResult, Verdict
from grader.service.imports import preloads
from grader.service.launcher import Launcher, import_path
from grader.service.scratch import copy_submission
from grader.workbook import Criterion, Exercise, Request, Ticket, select_criteria

# Plugins of pytest's own that a grading has no use for; fewer are faster to start.
_UNUSED = (
    "cacheprovider",
    "terminal",
    "logging",
    "junitxml",
    "pastebin",
    "stepwise",
    "faulthandler",
    "unittest",
    "doctest",
    "nose",
    "recwarn",
    "warnings",
    "unraisableexception",
    "threadexception",
)

LONGEST_REQUIREMENT = 200


def grade(
    request: Request, launcher: Launcher, progress: Optional[Progress] = None
) -> ExerciseResult:
    """Grade one submission.

    Raises:
        UsageError: the submission cannot be read, or a criterion is not the ticket's.
        CannotJudge: the workbook is broken, or no service can be started at all.
    """
    began = time.monotonic()
    ticket = request.exercise.ticket()
    criteria = select_criteria(ticket, request.only)
    snapshot = copy_submission(request.submission, request.exercise.folder)
    try:
        missing = missing_requirements(snapshot.folder, request.submission)
        stage = Stage(
            launcher=launcher,
            submission=snapshot.folder,
            path=import_path(),
            preload=preloads(snapshot.folder),
        )
        examination = Examination(stage, request.seed)
        plugin = AcceptancePlugin(examination, [c.id for c in criteria], progress)
        try:
            run_hidden_tests(request.exercise, plugin)
        finally:
            stage.end_all()
    finally:
        snapshot.remove()
    notes = (
        *snapshot.notes,
        *missing,
        *examination.findings.notes,
    )
    return _result(request, ticket, criteria, examination.findings, notes, time.monotonic() - began)


def _result(
    request: Request,
    ticket: Ticket,
    criteria: Sequence[Criterion],
    findings: Findings,
    notes: Tuple[str, ...],
    duration: float,
) -> ExerciseResult:
    return ExerciseResult(
        exercise=request.exercise.id,
        ticket=ticket.id,
        title=ticket.title,
        criteria=tuple(_criterion_result(criterion, findings) for criterion in criteria),
        duration=duration,
        problem=findings.problem,
        console=findings.console,
        notes=notes,
        enforced=tuple(findings.enforced),
        postgresql=findings.postgresql,
    )


def _criterion_result(criterion: Criterion, findings: Findings) -> CriterionResult:
    checks = tuple(findings.checks.get(criterion.id, ()))
    if not checks:
        message = f"No hidden test belongs to {criterion.id}."
        checks = (Check(criterion.title, Verdict.ERROR, message),)
    return CriterionResult(
        id=criterion.id,
        kind=criterion.kind,
        points=criterion.points,
        title=criterion.title,
        statement=criterion.statement,
        checks=checks,
    )


def run_hidden_tests(exercise: Exercise, plugin: AcceptancePlugin) -> None:
    """Run the exercise's acceptance tests with pytest, in this process, without its output.

    Raises:
        CannotJudge: pytest cannot collect or run them.
    """
    tests = sorted(str(path) for path in exercise.acceptance.glob("test_*.py"))
    if not tests:
        raise WorkbookError(f"{exercise.acceptance} holds no test_*.py.")
    arguments = [
        *tests,
        "--rootdir=" + str(exercise.root),
        "--confcutdir=" + str(exercise.acceptance),
        "--override-ini=addopts=",
        "--override-ini=filterwarnings=",
        "-c" + os.devnull,
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=no",
        "--strict-markers",
    ]
    for name in _UNUSED:
        arguments += ["-p", "no:" + name]
    with _quiet_pytest(), _forgotten_modules(exercise.acceptance):
        status = pytest.main(arguments, plugins=[plugin])
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        if status == pytest.ExitCode.NO_TESTS_COLLECTED and not plugin.findings.collection_errors:
            return  # each criterion without a test is reported as such
        why = "; ".join(plugin.findings.collection_errors) or f"pytest ended with {status!r}"
        raise CannotJudge(f"The hidden tests of {exercise.id} cannot be run: {why}")


@contextlib.contextmanager
def _quiet_pytest() -> Iterator[None]:
    """Keep the person's own pytest settings and installed plugins out of the grading."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_CURRENT_TEST")
    kept = {name: os.environ.pop(name, None) for name in names}
    autoload = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    kept[autoload] = os.environ.get(autoload)
    os.environ[autoload] = "1"
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _forgotten_modules(folder: Path) -> Iterator[None]:
    """Forget the test modules afterwards: each exercise has a conftest of its own."""
    before: Set[str] = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and folder in Path(file).parents:
                del sys.modules[name]


def missing_requirements(snapshot: Path, submission: Path) -> Tuple[str, ...]:
    """What a submission's own requirements.txt names and is not installed, as one sentence.

    It is read from the snapshot, which holds no links; ``submission`` is where the person has it.
    """
    kept, file = snapshot / "requirements.txt", submission / "requirements.txt"
    try:
        lines = kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else []
    except (OSError, UnicodeDecodeError):
        return (f"{file} cannot be read.",)
    missing = [name for name in map(_not_installed, lines[:200]) if name]
    if not missing:
        return ()
    names = ", ".join(missing[:20])
    return (
        f"Not installed, though requirements.txt names it: {names}. "
        f"Run: {pip_install(f'-r {file}')}",
    )


def _not_installed(line: str) -> Optional[str]:
    """The package that a line of requirements.txt names, if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import Requirement

    if len(line) > LONGEST_REQUIREMENT:
        return None
    try:
        requirement = Requirement(line.partition(" #")[0].strip())
        wanted = requirement.marker is None or requirement.marker.evaluate()
    except Exception:  # an option of pip, a comment, or a marker that means nothing (many errors)
        return None
    try:
        version(requirement.name)
    except PackageNotFoundError:
        return requirement.name if wanted else None
    return None
