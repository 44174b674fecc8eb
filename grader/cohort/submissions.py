"""What a class has handed in, and where in a submission each exercise lies."""

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence

from grader.cohort.archives import JUNK, unpack
from grader.errors import UsageError
from grader.service.loading import PLACES
from grader.service.scratch import MOST_BYTES, MOST_FILES
from grader.workbook import EXERCISE_IDS, find_exercise

DEEPEST = 4


@dataclass(frozen=True)
class Submission:
    """One student's: a folder, a zip file, or a Python file.

    ``key`` is a file name made of the name: any system holds it, and no two names share it.
    """

    name: str
    source: Path

    @property
    def key(self) -> str:
        """See above."""
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", self.name)[:40].strip("_")
        digest = hashlib.sha256(self.name.encode("utf-8", "surrogateescape")).hexdigest()
        return f"{plain}-{digest[:8]}" if plain else digest[:16]


def find_submissions(folder: Path) -> List[Submission]:
    """All submissions in a folder, by name.

    Raises:
        UsageError: there is no such folder, or nothing is in it.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name.lower())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no path"
        raise UsageError(f"The folder of submissions cannot be read: {why}.") from error
    if any(path.is_dir() and path.name in EXERCISE_IDS for path in entries):
        raise UsageError(
            "That folder is one submission, not a class: it takes a folder or zip file a student."
        )
    found = [
        Submission(path.stem if path.suffix else path.name, path)
        if not path.is_dir()
        else Submission(path.name, path)
        for path in entries
        if path.name not in JUNK and not path.name.startswith(".") and _may_be_one(path)
    ]
    if not found:
        raise UsageError(
            "There is no submission in that folder: it takes one folder or zip file a student."
        )
    return _with_names_of_their_own(found)


def _may_be_one(path: Path) -> bool:
    return path.is_symlink() or path.is_dir() or path.suffix.lower() in (".zip", ".py")


def _with_names_of_their_own(found: Sequence[Submission]) -> List[Submission]:
    """Where a folder and a file would share a name, the whole file name is taken."""
    names = [submission.name for submission in found]
    return [Submission(s.source.name, s.source) if names.count(s.name) > 1 else s for s in found]


def locate(submission: Submission, only: Sequence[str], scratch: Path) -> Dict[str, Path]:
    """Where each exercise of a submission lies; archives are unpacked into ``scratch``.

    A lone ``main.py`` counts where ``only`` names one exercise.

    Raises:
        UsageError: it is a link, a FIFO or the like, or an archive that cannot be unpacked.
    """
    source = submission.source
    if source.is_symlink():
        raise UsageError("The submission is a link, and is not followed.")
    if not source.is_file() and not source.is_dir():
        raise UsageError("The submission is neither a regular file nor a folder.")
    if source.is_file() and source.suffix.lower() == ".zip":
        source = _unpacked(source, scratch)
    if source.is_file():
        return {only[0]: source} if len(only) == 1 else {}
    found = _look(source, only, scratch)
    return {name: path for name, path in found.items() if not only or name in only}


def _unpacked(archive: Path, scratch: Path) -> Path:
    target = scratch / f"unpacked-{len(list(scratch.iterdir()))}"
    target.mkdir()
    unpack(archive, target)
    return target


def _look(folder: Path, only: Sequence[str], scratch: Path) -> Dict[str, Path]:
    for _ in range(DEEPEST):
        children = [path for path in _children(folder) if not path.is_symlink()]
        folders = [path for path in children if path.is_dir()]
        named = {_exercise_named(path.name): path for path in folders}
        found = {name: path for name, path in sorted(named.items()) if name}
        if found:
            return found
        programs = [path for path in children if path.suffix == ".py"]
        if len(only) == 1 and any((folder / place).is_file() for place in PLACES):
            return {only[0]: folder}
        if len(only) == 1 and len(programs) == 1:
            return {only[0]: programs[0]}  # a platform has renamed main.py
        archives = [path for path in children if path.suffix.lower() == ".zip"]
        if len(archives) == 1:
            folder = _unpacked(archives[0], scratch)
        elif len(folders) == 1:
            folder = folders[0]
        else:
            return {}
    return {}


def _children(folder: Path) -> List[Path]:
    names = sorted(folder.iterdir())[:MOST_FILES]
    return [path for path in names if path.name not in JUNK and not path.name.startswith(".")]


def _exercise_named(name: str) -> Optional[str]:
    if name.isdigit():
        return None
    try:
        return find_exercise(name).id
    except UsageError:
        return None


def digest(submission: Submission) -> str:
    """A digest of all that was handed in: another one means that it has changed."""
    hashed = hashlib.sha256()
    left = 4 * MOST_BYTES
    for path in _regular_files(submission.source):
        size = path.lstat().st_size
        left -= size
        name = str(path.relative_to(submission.source.parent))
        hashed.update(f"{len(name)} {size} ".encode() + name.encode("utf-8", "surrogateescape"))
        if left > 0:
            hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _regular_files(source: Path) -> Iterator[Path]:
    if not source.is_dir() or source.is_symlink():
        candidates = [source]
    else:
        candidates = sorted(source.rglob("*"))[: 10 * MOST_FILES]
    for path in candidates:
        if stat.S_ISREG(path.lstat().st_mode) and not JUNK.intersection(path.parts):
            yield path
