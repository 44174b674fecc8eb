"""A scratch copy of a submission: regular files only, bounded, nothing that leads out of it."""

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from grader.errors import UsageError
from grader.service.console import neutralise
from grader.service.removal import remove_tree

MOST_BYTES = 50 * 1024 * 1024
MOST_FILES = 2000
DEEPEST = 30
LEFT_OUT = {".acceptance", ".git", ".venv", "venv", "__pycache__", "node_modules", ".mypy_cache"}
SHIPPED_DATA = (".json",)

# Opens neither what a link leads to nor waits for the other end of a FIFO.
_WARY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass
class Scratch:
    """A folder of the grader's own with the copy in ``folder``; ``notes`` say what was left out."""

    root: Path
    folder: Path
    notes: List[str] = field(default_factory=list)

    def read_own(self, name: str, most: int) -> bytes:
        """The beginning of a file that the grader itself wrote here, if it is still that.

        Raises:
            OSError: it is not, or no regular file.
        """
        fd = os.open(str(self.root / name), os.O_RDONLY | _WARY)
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError("not a regular file")
            return file.read(most)

    def lay(self, name: str, data: bytes) -> None:
        """Write a file, before the start, as one that has lain there for a while.

        Whoever goes by the time of its last change then sees any later one.
        """
        path = self.folder / name
        path.write_bytes(data)
        a_while_ago = time.time() - 60
        os.utime(str(path), (a_while_ago, a_while_ago))

    def write(self, name: str, data: bytes, *, atomically: bool = False) -> None:
        """Write a file in the folder or one below it, in place or by replacing it.

        A submission may put links where it likes: none is followed.

        Raises:
            OSError: what lies there is no regular file, or the folder is another.
        """
        if os.name != "posix":
            _write(str(self.folder / name), data, 0, None)
            return
        below, _, name = name.rpartition("/")
        folder = self._open_folder(below)
        try:
            if atomically:
                # A name that nobody can have put a trap at.
                fresh = secrets.token_hex(16)
                _write(fresh, data, os.O_EXCL, folder)
                os.chmod(fresh, 0o644, dir_fd=folder)
                os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
            else:
                _write(name, data, os.O_TRUNC, folder)
        finally:
            os.close(folder)

    def _open_folder(self, below: str) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        folder = os.open(str(self.folder), flags)
        if not below:
            return folder
        try:
            return os.open(below, flags, dir_fd=folder)
        finally:
            os.close(folder)

    def remove(self) -> None:
        """Delete all of it."""
        remove_tree(self.root)


def _write(name: str, data: bytes, more: int, folder: Optional[int]) -> None:
    flags = os.O_WRONLY | os.O_CREAT | _WARY | getattr(os, "O_BINARY", 0)
    fd = os.open(name, flags | (more or os.O_TRUNC), 0o644, dir_fd=folder)
    with os.fdopen(fd, "wb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError("not a regular file")
        file.write(data)


def make_scratch() -> Scratch:
    """An empty scratch folder."""
    root = _root()
    folder = root / "submission"
    folder.mkdir(mode=0o700)
    return Scratch(root, folder)


def copy_of(snapshot: Path) -> Scratch:
    """A scratch folder with a copy of a submission that ``copy_submission`` made."""
    root = _root()
    shutil.copytree(str(snapshot), str(root / "submission"))
    (root / "tmp").mkdir(mode=0o700)
    return Scratch(root, root / "submission")


def _root() -> Path:
    return Path(tempfile.mkdtemp(prefix="service-")).resolve()


def copy_submission(source: Path, exercise_folder: Path) -> Scratch:
    """Copy a submission, a folder or one file (which becomes ``main.py``), to a scratch folder.

    Data files that the exercise ships and the submission lacks are added.

    Raises:
        UsageError: it is too large to be a submission, or cannot be read.
    """
    scratch = make_scratch()
    try:
        if source.is_dir():
            _copy_folder(source, scratch)
        else:
            size = _copy_file(source.resolve(), scratch.folder / "main.py", MOST_BYTES)
            if size > MOST_BYTES:
                raise UsageError(f"{source} is larger than 50 MB: not a submission.")
        for path in sorted(exercise_folder.iterdir()) if exercise_folder.is_dir() else ():
            target = scratch.folder / path.name
            if path.suffix in SHIPPED_DATA and path.is_file() and not target.exists():
                shutil.copyfile(str(path), str(target))
    except OSError as error:
        scratch.remove()
        raise UsageError(f"{error.filename or source} cannot be read: {error.strerror}.") from error
    except BaseException:
        scratch.remove()
        raise
    return scratch


def _copy_folder(source: Path, scratch: Scratch) -> None:
    left = MOST_BYTES
    for files, (path, relative) in enumerate(_walk(source, scratch)):
        if files == MOST_FILES:
            raise UsageError(f"{source} holds more than {MOST_FILES} files: not a submission.")
        target = scratch.folder / relative
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        left -= _copy_file(path, target, left)
        if left < 0:
            raise UsageError(f"{source} holds more than 50 MB: not a submission.")


def _walk(source: Path, scratch: Scratch) -> Iterator[Tuple[Path, Path]]:
    inside = source.resolve()
    for folder, folders, files in os.walk(str(source)):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        if len(Path(folder).relative_to(source).parts) >= DEEPEST:
            raise UsageError(f"{source} holds folders nested {DEEPEST} deep: not a submission.")
        for name in list(folders):
            if (Path(folder) / name).is_symlink():
                folders.remove(name)
                _note(scratch, f"{name}: a link to a folder was not followed")
        for name in sorted(files):
            path = Path(folder) / name
            if path.is_symlink() and not _leads_inside(path, inside):
                _note(scratch, f"{name}: a link out of the folder was not followed")
            elif not path.is_file():
                _note(scratch, f"{name}: not a regular file, left out")
            else:
                yield path.resolve(), path.relative_to(source)


def _leads_inside(link: Path, folder: Path) -> bool:
    try:
        return folder in link.resolve().parents
    except (OSError, RuntimeError):  # RuntimeError: it leads to itself (OSError since 3.13)
        return False


def _note(scratch: Scratch, text: str) -> None:
    if len(scratch.notes) < 10:
        scratch.notes.append(neutralise(text))


def _copy_file(source: Path, target: Path, most: int) -> int:
    # O_NONBLOCK: opening a FIFO must not wait; O_NOFOLLOW: a link may have come since the look.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    fd = os.open(str(source), flags | getattr(os, "O_NOFOLLOW", 0))
    with contextlib.closing(os.fdopen(fd, "rb")) as reader:
        status = os.fstat(reader.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{source} is not a regular file.")
        if status.st_size > most:
            return status.st_size
        with target.open("wb") as writer:
            shutil.copyfileobj(reader, writer)
    return status.st_size
