"""When a learner saves: changes in a folder, through deletions and half-written files."""

import contextlib
import threading
from pathlib import Path
from typing import Callable, Iterator


def saves(folder: Path, stop: threading.Event, wanted: Callable[[], bool]) -> Iterator[None]:
    """Yield at every change in ``folder`` while it is wanted; a deleted folder is waited for."""
    from watchfiles import watch

    gone = False
    while wanted() and not stop.is_set():
        if not folder.is_dir():
            gone = True
            stop.wait(0.2)
            continue
        if gone:
            gone = False
            yield None
        watched = folder.stat().st_ino
        # A short time-out, since a deleted folder and another exercise make no event.
        changes = watch(
            str(folder),
            watch_filter=lambda _, path: is_of_the_learner(Path(path), folder),
            stop_event=stop,
            rust_timeout=200,
            yield_on_timeout=True,
            debounce=200,
            raise_interrupt=False,
        )
        with contextlib.suppress(OSError):
            for change in changes:
                if change:
                    yield None
                if not wanted() or not folder.is_dir() or folder.stat().st_ino != watched:
                    break
        if wanted() and not stop.is_set():
            yield None  # the folder went, or came back as another


def is_of_the_learner(path: Path, folder: Path) -> bool:
    """Whether a path is the learner's work: no hidden file, cache or editor's scratch file."""
    try:
        parts = path.relative_to(folder).parts
    except ValueError:
        return False
    hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
    return not hidden and not path.name.endswith(("~", ".swp", ".tmp", ".pyc"))
