"""A folder of the grader's own outside the project, kept between runs, and locks on its files."""

import contextlib
import os
import stat
import sys
import time
from pathlib import Path
from typing import IO, Iterator

from grader.errors import DatabaseUnavailable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = "fastapi-workbook"
LONGEST_WAIT = 180.0


def is_root() -> bool:
    """Whether this process may do everything; PostgreSQL refuses to run so."""
    return sys.platform != "win32" and os.geteuid() == 0


def cache_folder() -> Path:
    """The folder, made where it is missing.

    Root's lies where the unprivileged server can enter it; anybody else's in the home folder.

    Raises:
        DatabaseUnavailable: it cannot be made, or somebody else could have written there.
    """
    folder = _wanted_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755 if is_root() else 0o700)
        found = folder.lstat()
        if is_root() and stat.S_ISDIR(found.st_mode) and found.st_uid == 0:
            folder.chmod(0o755)  # whatever the umask was
            found = folder.lstat()
    except OSError as error:
        raise DatabaseUnavailable(
            f"The folder {folder} for the database's files cannot be made ({error.strerror})."
        ) from error
    if sys.platform != "win32" and (
        not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022
    ):
        raise DatabaseUnavailable(
            f"{folder} is not a folder that only you can write to: remove it and run again."
        )
    return folder


def _wanted_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / NAME
    shared = Path("/var/tmp") / f"{NAME}-{os.geteuid()}"
    if is_root():
        return shared
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    usable = base.is_absolute() and os.access(base if base.is_dir() else base.parent, os.W_OK)
    return base / NAME if usable else shared


def try_lock(file: "IO[bytes]") -> bool:
    """Take the lock of an open file, unless another process holds it. Closing it, or the
    process's death, gives it back."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file; another grading may make us wait.

    Raises:
        DatabaseUnavailable: it was held for minutes, or the file cannot be written.
    """
    deadline = time.monotonic() + LONGEST_WAIT
    try:
        file = path.open("ab")
    except OSError as error:
        raise DatabaseUnavailable(f"{path} cannot be written ({error.strerror}).") from error
    with file:
        while not try_lock(file):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"Another grading has held {path} for minutes.")
            time.sleep(0.01)
        yield
