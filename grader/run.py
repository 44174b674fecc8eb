"""What the gradings of one run share: the launcher, and what they ran on."""

import contextlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Sequence

from grader.scorecard import ExerciseResult, Scorecard
from grader.service.launcher import Launcher, make_launcher
from grader.workbook import Exercise, Request


@contextlib.contextmanager
def running_launcher() -> Iterator[Launcher]:
    """A launcher of services, closed at the end with everything that it started."""
    launcher = make_launcher()
    try:
        yield launcher
    finally:
        launcher.close()


def scorecard_of(
    exercise: Exercise, submission: Path, seed: int, only: Optional[Sequence[str]] = None
) -> Scorecard:
    """Grade one submission with a launcher of its own; raises as ``grading.grade``."""
    # Not above: who only starts a launcher lets it warm up while these are imported.
    from grader.grading import grade
    from grader.mistakes import with_known_mistake

    with running_launcher() as launcher:
        result = grade(Request(exercise, submission, seed, only), launcher)
    result = with_known_mistake(exercise, result)
    return Scorecard(seed, environment_of([result]), (result,))


def environment_of(results: Sequence[ExerciseResult]) -> Dict[str, Any]:
    """What the gradings ran on: the scorecard's environment."""
    enforced: Dict[str, None] = {}
    for result in results:
        enforced.update(dict.fromkeys(result.enforced))
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "fastapi": installed_version("fastapi"),
        "pydantic": installed_version("pydantic"),
        "uvicorn": installed_version("uvicorn"),
        "postgresql": next((r.postgresql for r in results if r.postgresql), None),
        "sandbox": list(enforced),
    }


def installed_version(package: str) -> Optional[str]:
    """The version of an installed package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
