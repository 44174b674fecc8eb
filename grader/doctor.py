"""What works on this machine and what does not, found by trying it."""

import os
import platform
import sys
from dataclasses import dataclass
from typing import Callable, List, Tuple

from grader.errors import GraderError
from grader.run import installed_version, running_launcher
from grader.service.launcher import portable

PACKAGES = ("fastapi", "uvicorn", "pydantic", "sqlalchemy", "psycopg2-binary", "httpx", "pytest")


@dataclass(frozen=True)
class Finding:
    """One thing that was tried; ``fine`` is False only where gradings cannot work."""

    name: str
    fine: bool
    text: str


def examine() -> List[Finding]:
    """Try everything that gradings need."""
    examinations: Tuple[Tuple[str, Callable[[], str]], ...] = (
        ("Python", _python),
        ("Packages", _packages),
        ("Services", _services),
    )
    return [_examined(name, look) for name, look in examinations]


def _examined(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except GraderError as error:
        return Finding(name, False, str(error))


def _python() -> str:
    return f"{platform.python_version()} at {sys.executable} ({platform.system()})"


def _packages() -> str:
    return ", ".join(f"{name} {installed_version(name) or 'missing'}" for name in PACKAGES)


def _services() -> str:
    with running_launcher():
        pass
    if portable():
        why = "asked for" if os.environ.get("GRADER_PORTABLE") == "1" else "this system has no fork"
        return f"spawned one by one ({why})"
    return "forked from a warm parent"


def render(findings: List[Finding]) -> str:
    """The findings, one a line."""
    lines = [
        f"{'✓' if finding.fine else '✗'} {finding.name.ljust(12)} {finding.text}"
        for finding in findings
    ]
    return "\n".join(lines) + "\n"
