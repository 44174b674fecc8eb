"""What works on this machine and what does not, found by trying it."""

import platform
import sys
from dataclasses import dataclass
from typing import Callable, List, Tuple

from grader.errors import GraderError
from grader.run import installed_version, running_launcher
from grader.sandbox.policy import available
from grader.service.launcher import portable
from grader.walls import breaches, try_walls

PACKAGES = ("fastapi", "uvicorn", "pydantic", "sqlalchemy", "psycopg2-binary", "httpx", "pytest")


@dataclass(frozen=True)
class Finding:
    """One thing that was tried; ``fine`` is False only where gradings cannot work."""

    name: str
    fine: bool
    text: str

    @property
    def mark(self) -> str:
        """Whether it works, works with something missing, or does not."""
        if not self.fine:
            return "✗"
        return "!" if isinstance(self.text, Lacking) else "✓"


class Lacking(str):
    """What is said where gradings work, and something is not as it might be."""

    __slots__ = ()


def examine() -> List[Finding]:
    """Try everything that gradings need."""
    examinations: Tuple[Tuple[str, Callable[[], str]], ...] = (
        ("Python", _python),
        ("Packages", _packages),
        ("Services", _services),
        ("Walls", _walls),
        ("PostgreSQL", _postgresql),
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
        asked = sys.platform.startswith("linux")
        why = "asked for" if asked else f"{platform.system()} has no safe fork"
        return f"spawned one by one ({why})"
    return "forked from a warm parent"


def _walls() -> str:
    """Start a submission that tries what it may not; say what it could do."""
    if not available():
        return Lacking(
            "none here: a submission can do all that you can; grade no stranger's on this system"
        )
    with running_launcher() as launcher:
        open_ones = breaches(try_walls(launcher))
    if open_ones:
        return Lacking(f"hold, but on this system a submission can: {', '.join(open_ones)}")
    return "hold: a submission reaches its own folder and its own database, nothing else"


def _postgresql() -> str:
    from grader.database.fixture import Databases

    with Databases() as databases:
        return f"{databases.server.version} starts (for ex-3)"


def render(findings: List[Finding]) -> str:
    """The findings, one a line."""
    lines = [f"{finding.mark} {finding.name.ljust(12)} {finding.text}" for finding in findings]
    return "\n".join(lines) + "\n"
