"""Deletes what a submission may have built to resist it: closed folders, endless nesting."""

import contextlib
import os
import shutil
import stat
from pathlib import Path
from typing import Iterator


def remove_tree(root: Path) -> None:
    """Delete ``root`` with all that lies in it; no process of the submission may be left."""
    # The usual way recurses, and keeps a descriptor for each level: a deep tree is too much for it.
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(str(root))
    if os.name != "posix":
        for path in root.rglob("*"):
            with contextlib.suppress(OSError):
                path.chmod(0o700)  # Windows deletes nothing that is read-only
        shutil.rmtree(str(root), ignore_errors=True)
        return
    if not root.exists():
        return
    with contextlib.suppress(OSError):
        root.chmod(0o700)
        fd = os.open(str(root), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            while _take_a_level(fd):
                pass
        finally:
            os.close(fd)
        root.rmdir()


def _take_a_level(top: int) -> bool:
    """Delete the files in ``top`` and lift the folders in its folders up into it.

    Returns:
        Whether there was anything.
    """
    found = False
    for number, name in enumerate(os.listdir(top)):
        found = True
        if not _is_folder(name, top):
            os.unlink(name, dir_fd=top)
            continue
        os.chmod(name, 0o700, dir_fd=top)
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
        try:
            for count, below in enumerate(os.listdir(inner)):  # noqa: PTH208  (a descriptor)
                if _is_folder(below, inner):
                    _lift(below, inner, top, f"lifted-{number}-{count}")
                else:
                    os.unlink(below, dir_fd=inner)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=top)
    return found


def _is_folder(name: str, parent: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)


def _lift(name: str, parent: int, top: int, base: str) -> None:
    """Move a folder up; a folder that may not be written cannot be moved, so it is opened first."""
    os.chmod(name, 0o700, dir_fd=parent)
    for free in _names(base):
        try:
            os.stat(free, dir_fd=top, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(name, free, src_dir_fd=parent, dst_dir_fd=top)
            return


def _names(base: str) -> Iterator[str]:
    number = 0
    while True:
        yield f"{base}-{number}"
        number += 1
