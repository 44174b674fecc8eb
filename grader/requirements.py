"""What a requirements file asks for, and what of it this Python lacks. Standard library only.

The names of the folders that pip leaves beside the packages (``fastapi-0.115.0.dist-info``) tell
what is installed, and in which version, in a millisecond; ``importlib.metadata`` takes fifty.
"""

import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple

# The module of a package, where it is not named like it.
MODULES = {
    "psycopg2-binary": "psycopg2",
    "pytest-xdist": "xdist",
}

_LINE = re.compile(r"([\w.-]+)\s*(?:>=|==)\s*([\d.]+)")
_INSTALLED = re.compile(r"([^-]+)-(\d[^-]*)(?:-.*)?\.(?:dist|egg)-info")


@dataclass(frozen=True)
class Requirement:
    """A package and its lowest version."""

    name: str
    lowest: str

    @property
    def module(self) -> str:
        """The module that shows it installed."""
        return MODULES.get(self.name, self.name.replace("-", "_"))


def read(path: Path) -> List[Requirement]:
    """The requirements that hold on every system: those that carry a marker are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    matches = (_LINE.match(line) for line in lines if ";" not in line)
    return [Requirement(match.group(1), match.group(2)) for match in matches if match]


def unmet(paths: Sequence[Path]) -> List[str]:
    """The requirements of some files that are not installed, or in too old a version."""
    versions = _installed()
    asked = [requirement for path in paths for requirement in read(path)]
    return [
        f"{requirement.name}>={requirement.lowest}"
        for requirement in asked
        if not _met(requirement, versions)
    ]


def _met(requirement: Requirement, versions: Dict[str, str]) -> bool:
    version = versions.get(_plain(requirement.name))
    if version is not None:
        return _numbers(version) >= _numbers(requirement.lowest)
    # Installed in a way of its own: a system's package, or another build of the same module.
    try:
        return importlib.util.find_spec(requirement.module) is not None
    except (ImportError, ValueError):
        return False


def _installed() -> Dict[str, str]:
    """The version of every installed package; the first on the path wins, as for imports."""
    versions: Dict[str, str] = {}
    for name in (name for entry in sys.path for name in _names_in(entry)):
        match = _INSTALLED.fullmatch(name)
        if match:
            versions.setdefault(_plain(match.group(1)), match.group(2))
    return versions


def _names_in(entry: str) -> Iterator[str]:
    try:
        yield from os.listdir(entry or ".")  # noqa: PTH208  # a start must be quick
    except OSError:  # a zip file, or nothing
        return


def _plain(name: str) -> str:
    """A package's name as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _numbers(version: str) -> Tuple[int, ...]:
    """What is compared of a version: "2.1.0b1" is (2, 1, 0)."""
    release = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in release.group().split(".")) if release else ()
