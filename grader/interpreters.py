"""The Pythons of this machine: pyenv's, uv's, those on the PATH and those of Windows' launcher."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

# Every Python since 2.7 reads it. An environment's Python is not one of the machine's.
_QUESTION = (
    "import sys; print('%d %d %d' % tuple(sys.version_info[:3])); "
    "print(getattr(sys, 'base_prefix', sys.prefix) == sys.prefix and sys.executable or '')"
)
_PROGRAM = re.compile(r"python(?:\d(?:\.\d+)?)?(?:\.exe)?")
_SECONDS = 20.0


@dataclass(frozen=True)
class Interpreter:
    """A Python and its version."""

    python: Path
    version: Tuple[int, int, int]

    @property
    def name(self) -> str:
        """The version as people say it: "3.12"."""
        return "{}.{}".format(*self.version)


def interpreters() -> List[Interpreter]:
    """One of each version, the newest of its kind, in order."""
    found: Dict[str, Interpreter] = {}
    for python in dict.fromkeys(_candidates()):
        interpreter = look_at(python)
        if interpreter is not None:
            kept = found.setdefault(interpreter.name, interpreter)
            if kept.version < interpreter.version:
                found[interpreter.name] = interpreter
    return sorted(found.values(), key=lambda each: each.version)


def look_at(python: Path) -> Optional[Interpreter]:
    """What the program ``python`` is; None if it is no Python of the machine's own."""
    try:
        answer = subprocess.run(
            [str(python), "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        ).stdout
        version, executable = os.fsdecode(answer).splitlines()
        major, minor, micro = (int(part) for part in version.split())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Interpreter(Path(executable), (major, minor, micro)) if executable else None


def _candidates() -> Iterator[Path]:
    folders = [Path(entry) for entry in os.get_exec_path() if entry]
    for versions in _folders_of_versions(folders):
        for pattern in ("*/bin/python", "*/bin/python3", "*/python.exe"):
            yield from sorted(versions.glob(pattern))
    if sys.platform == "win32":
        yield from _of_the_launcher()
    for folder in folders:
        if folder.name != "shims":  # they stand for others, which were found above
            yield from (path for path in _files_in(folder) if _PROGRAM.fullmatch(path.name))
    yield Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")


def _folders_of_versions(path: List[Path]) -> Iterator[Path]:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # never fails, as Path.home() may
    yield from (folder.parent / "versions" for folder in path if folder.name == "shims")
    yield Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    yield home / ".local" / "share" / "uv" / "python"
    yield Path(os.environ.get("APPDATA") or home) / "uv" / "python"


def _files_in(folder: Path) -> List[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _of_the_launcher() -> List[Path]:
    """What ``py -0p`` lists."""
    if shutil.which("py") is None:
        return []
    listed = subprocess.run(["py", "-0p"], stdout=subprocess.PIPE, check=False).stdout
    return listed_by_launcher(os.fsdecode(listed))


def listed_by_launcher(text: str) -> List[Path]:
    r"""The programs in what ``py -0p`` says: lines like `` -V:3.12 *  C:\Python312\python.exe``."""
    return [Path(found) for found in re.findall(r"[A-Za-z]:\\[^\r\n]*?\.exe", text)]
