"""Bounds what a grading may cost: the disk that a service takes, and the time that it makes wait.

A single file is bounded by a resource limit, a single silence by a time-out. What adds up is
bounded here.
"""

import contextlib
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, Iterator, Optional, Tuple

LOOKS_EVERY = 0.25
MOST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 20_000

# All waiting beyond what each answer, start or stop may take, in seconds. Generous: an honest
# service on a busy machine stays far below.
MOST_WAITED = 30.0

# All waiting during which no processor of the machine had anything to do: what a service sleeps
# away, a little at a time. On a busy machine there is no such time, and nothing is counted.
MOST_IDLE = 40.0

# What a submission may work in all, and the database for it, in seconds of processor time: more
# than fifteen, and forty, times what an honest one needs. Who keeps the machine busy would else
# have more time for it, since all limits on waiting are longer on a busy machine.
MOST_WORKED = 100.0
MOST_DATABASE = 60.0


def busy_seconds() -> Optional[float]:
    """How long the machine's processors have worked or waited for a disk; None if not known."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        with Path("/proc/stat").open(encoding="ascii") as file:
            ticks = list(map(int, file.readline().split()[1:9]))
        return (sum(ticks) - ticks[3]) / os.sysconf("SC_CLK_TCK")  # the fourth is idle
    except (OSError, ValueError, IndexError):
        return None


@dataclass
class Patience:
    """How long the examiner has waited beyond what may be; what overlaps counts once."""

    waited: float = 0.0
    slow: float = 1.0  # by how much all takes longer now; see Stage.slowness
    idled: float = 0.0
    busy: Callable[[], Optional[float]] = busy_seconds
    worked: Callable[[], Optional[float]] = lambda: None  # by all services until now
    database: Callable[[], Optional[float]] = lambda: None  # by the database
    overworked: str = ""
    _counted_until: float = 0.0
    _waiting: int = 0
    _looked: Optional[Tuple[float, float]] = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def exhausted(self) -> bool:
        """Whether nothing more is tried."""
        return self.waited > MOST_WAITED * self.slow or self.idled > MOST_IDLE

    def look(self) -> None:
        """See what was worked; count the time since the last look, if somebody waits now and all
        processors rested.
        """
        if (self.worked() or 0.0) > MOST_WORKED:
            self.overworked = "The service worked without end: it used up its processor time."
        if (self.database() or 0.0) > MOST_DATABASE:
            self.overworked = "The service kept the database working without end."
        busy, now = self.busy(), time.monotonic()
        if busy is None:
            return
        with self._lock:
            last = self._looked
            self._looked = (now, busy)
            if last is not None and self._waiting:
                self.idled += max(0.0, now - last[0] - max(0.0, busy - last[1]))

    @contextlib.contextmanager
    def waiting(self, free: float) -> Iterator[None]:
        """Around something that may take ``free`` seconds."""
        begins = time.monotonic() + free * self.slow
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                now = time.monotonic()
                self.waited += max(0.0, now - max(begins, self._counted_until))
                self._counted_until = max(now, self._counted_until)


class Warden:
    """Watches one service from its start to its end, and ends it when it goes too far."""

    def __init__(self, folder: Path, end: Callable[[], None], patience: Patience) -> None:
        self.reason = ""
        self._patience = patience
        self._folder = folder
        self._end = end
        self._stop = threading.Event()
        self._deadlines: Dict[int, float] = {}
        threading.Thread(target=self._watch, daemon=True).start()

    def close(self) -> None:
        """Watch no more."""
        self._stop.set()

    @contextlib.contextmanager
    def request(self, seconds: float) -> Iterator[None]:
        """Around a request: the service is ended when the answer is not there after ``seconds``.

        The client's own time-out is for a silence; a service that drips has none.
        """
        key = threading.get_ident()
        self._deadlines[key] = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadlines.pop(key, None)

    def _watch(self) -> None:
        while not self._stop.wait(LOOKS_EVERY):
            self._patience.look()
            reason = self._late() or self._too_large() or self._patience.overworked
            if reason:
                self.reason = reason
                self._end()
                return

    def _late(self) -> str:
        now = time.monotonic()
        if any(now > deadline for deadline in list(self._deadlines.values())):
            return "It had not answered completely in time, and was ended."
        return ""

    def _too_large(self) -> str:
        size = 0
        for entries, found in enumerate(_inside(str(self._folder)), 1):
            size += found.st_blocks * 512 if hasattr(found, "st_blocks") else found.st_size
            if size > MOST_BYTES:
                return "It filled more than 256 MB of disk, and was ended."
            if entries > MOST_ENTRIES:
                return f"It made more than {MOST_ENTRIES} files, and was ended."
        return ""


def _inside(top: str) -> Iterator[os.stat_result]:
    left = [top]
    while left:
        with contextlib.suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                found = _stat(entry)
                if found is not None:
                    yield found
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)


def _stat(entry: "os.DirEntry[str]") -> Optional[os.stat_result]:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None
