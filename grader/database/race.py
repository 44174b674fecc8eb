"""Requests that must meet are made to meet: a gate in the database, and a record of what happened.

The gate is a lock on the table that lets everybody read and lets nobody write. Requests are sent;
each runs until its first write and waits there, so that whoever checks first and writes later has
checked by then. Then the gate opens. A second connection watches, since inside the gate's own
transaction the statistics stand still.
"""

import concurrent.futures
import contextlib
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, FrozenSet, Generic, List, Optional, Sequence, Tuple, TypeVar

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from grader.database import stillness
from grader.database.examiner import Examiner
from grader.database.timeline import Event, Watched, read_events, render
from grader.processes import children, processor_seconds

T = TypeVar("T")

LOOK_SECONDS = 0.005
# How long nothing may happen before the gate opens: two who wait are enough for a race, and where
# fewer wait the others may still be on their way. Where the kernel tells that all who take part
# sleep, a short while is enough, however busy the machine is.
STILL_WITH_TWO = 0.5
STILL_WITH_FEWER = 2.0
RESTED_WITH_TWO = 0.1
RESTED_WITH_FEWER = 0.3
LONGEST = 8.0
# A service that asks the database again and again never rests for long. It has had its time when it
# has slept and worked so long in all and nobody else came: what it waits for a processor counts
# for nothing, so that a busy machine takes nothing away from those who are still on their way.
HAD_WITH_TWO = 1.0
HAD_WITH_FEWER = 3.0


@dataclass(frozen=True)
class Race(Generic[T]):
    """What came of it: the results in the order of the calls, and who did what when.

    ``waiting`` is how many met at the gate; ``timeline`` is for people.
    """

    results: List[T]
    waiting: int
    timeline: str


class Gate:
    """Holds tables so that they can be read and not written, while requests run up to it."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        self._server = examiner.database.server.pid
        self._connection = examiner.database.connect()
        self._monitor = examiner.database.connect()
        self._owner = examiner.database.owner
        self.most_waiting = 0
        self.watched: List[Watched] = []
        self.released = 0.0

    def take(self, statements: Sequence[Any]) -> bool:
        """Take the locks; False where they cannot be had: the requests then meet by chance.

        Raises:
            CheckFailed: a transaction that does not end bars them.
        """
        self._connection.autocommit = False
        try:
            self._lock(statements)
        except psycopg2.errors.LockNotAvailable:
            self._connection.rollback()
            self._examiner.wait_until_idle()
            with self._examiner.explained():
                self._lock(statements)
        except psycopg2.Error:
            self._connection.rollback()
            return False
        return True

    def _lock(self, statements: Sequence[Any]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL lock_timeout = %s", (f"{3 * self._examiner.slowness():.0f}s",)
            )
            for statement in statements:
                cursor.execute(statement)

    def watch(self, expected: int, answered: Callable[[], int]) -> None:
        """Wait until all have met at the gate or have been answered, or nobody else will come."""
        began = still_since = time.monotonic()
        last: Any = None
        had = Had(self._work)
        while True:
            waiting, seen = self._look()
            done = answered()
            now = time.monotonic()
            self.most_waiting = max(self.most_waiting, len(waiting))
            rested = self._rested()
            if (seen, done) != last or rested is False:
                last, still_since = (seen, done), now
            slowness = self._examiner.slowness()
            two_wait, told = len(waiting) >= 2, rested is not None
            patience = _patience(two_wait, told, slowness)
            if len(waiting) + done >= expected or now - still_since > patience:
                return
            had.look(now, (bool(seen), len(self.watched), done), bool(rested), told)
            enough = (HAD_WITH_TWO if two_wait else HAD_WITH_FEWER) * (1 if told else slowness)
            if (seen and had.seconds > enough) or now - began > LONGEST * slowness:
                return
            time.sleep(LOOK_SECONDS)

    def _work(self) -> float:
        """How long services and server have had a processor, but for the gate's own looks."""
        if self._server is None:
            return 0.0
        looks = processor_seconds(self._monitor.info.backend_pid) or 0.0
        return self._examiner.worked() + (processor_seconds(self._server) or 0.0) - looks

    def _rested(self) -> Optional[bool]:
        """Whether services, examiner and server sleep; None where nobody can tell of all three."""
        rested = self._examiner.at_rest()
        if self._server is None or rested is None:
            return False if rested is False else None
        others = set(children(self._server)) - {self._monitor.info.backend_pid}
        return rested and stillness.examiner_at_rest() and stillness.at_rest(others)

    def _look(self) -> Tuple[FrozenSet[int], FrozenSet[Tuple[Any, ...]]]:
        """Who waits for a lock, and what every connection of the submission is at."""
        with self._examiner.explained(), self._monitor.cursor() as cursor:
            cursor.execute(
                "SELECT a.pid, a.state, a.query_start, a.state_change, a.query,"
                " EXISTS (SELECT 1 FROM pg_catalog.pg_locks l WHERE l.pid = a.pid"
                " AND NOT l.granted) FROM pg_catalog.pg_stat_activity a"
                " WHERE a.datname = pg_catalog.current_database() AND a.usename = %s",
                (self._owner,),
            )
            rows = cursor.fetchall()
        now = time.time()
        waiting = frozenset(row[0] for row in rows if row[5])
        known = {watched.pid for watched in self.watched}
        self.watched += [
            Watched(now, row[0], row[4]) for row in rows if row[5] and row[0] not in known
        ]
        return waiting, frozenset((*row[:4], row[5]) for row in rows)

    def release(self) -> None:
        """Let all go on."""
        self.released = self.released or time.time()
        with contextlib.suppress(psycopg2.Error):
            self._connection.rollback()

    def close(self) -> None:
        """Close the connections."""
        self.release()
        for connection in (self._connection, self._monitor):
            connection.close()


class Had:
    """How much time those who take part have had since somebody came to the gate.

    ``seconds`` is what they slept and worked; where nobody can tell, all time.
    """

    def __init__(self, work: Callable[[], float]) -> None:
        self.seconds = 0.0
        self._work = work
        self._met: Any = None
        self._at = self._worked = 0.0

    def look(self, now: float, met: Any, rested: bool, told: bool) -> None:
        """Count the time since the last look: ``met`` is who has come, ``rested`` if all sleep."""
        worked = self._work() if told else 0.0
        if met != self._met:
            self._met, self.seconds = met, 0.0
        else:
            self.seconds += worked - self._worked
            self.seconds += now - self._at if rested or not told else 0.0
        self._at, self._worked = now, worked


def _patience(two_wait: bool, told: bool, slowness: float) -> float:
    """Who is known to rest needs no more time on a busy machine."""
    if told:
        return RESTED_WITH_TWO if two_wait else RESTED_WITH_FEWER
    return (STILL_WITH_TWO if two_wait else STILL_WITH_FEWER) * slowness


def locks_on(tables: Sequence[sql.Composable]) -> List[Any]:
    """The gate on tables that are there: reads pass, row locks and writes queue."""
    return [sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.SQL(", ").join(tables))]


# Dropping an empty schema, and taking it back later, bars everybody from making tables in it: the
# gate where the table is not there yet.
NO_NEW_TABLES = ["DROP SCHEMA public"]


def run_race(
    examiner: Examiner,
    take: Sequence[Any],
    calls: Sequence[Callable[[], T]],
    told: Callable[[T], str] = str,
    meeting: Optional[int] = None,
) -> "Race[T]":
    """Make ``calls`` meet at a gate.

    Args:
        examiner: of the table that it is about.
        take: statements that take the locks.
        calls: begun at the same moment, each in a thread of its own.
        told: what the timeline says of a result; where it says nothing, no line is written.
        meeting: how many there are to meet, where one call stands for several.

    Raises:
        CheckFailed: a transaction that does not end bars the gate.
        Exception: what the first call that fails raises.
    """
    log = examiner.database.server.log
    with contextlib.closing(Gate(examiner)) as gate:
        log_from = log.stat().st_size if log is not None else 0
        taken = gate.take(take)
        began = time.time()
        with contextlib.closing(_Runners(calls)) as runners:
            try:
                if taken:
                    gate.watch(meeting or len(calls), runners.ended)
            finally:
                gate.release()
            results = runners.results()
    events = read_events(log, log_from, gate.watched, examiner.table)
    events.append(Event(gate.released, 0, "all are let go on"))
    finished = [Event(when, 0, told(result)) for when, result in runners.finished]
    events += [event for event in finished if event.text]
    return Race(results, gate.most_waiting, render(events, began))


class _Runners(Generic[T]):
    """Threads that begin their calls at the same moment, and how they came to an end."""

    def __init__(self, calls: Sequence[Callable[[], T]]) -> None:
        self.finished: List[Tuple[float, T]] = []
        self._barrier = threading.Barrier(len(calls))
        self._pool = concurrent.futures.ThreadPoolExecutor(len(calls))
        self._futures = [self._pool.submit(self._run, call) for call in calls]

    def _run(self, call: Callable[[], T]) -> T:
        self._barrier.wait()
        result = call()
        self.finished.append((time.time(), result))
        return result

    def ended(self) -> int:
        """How many calls have come back, or failed."""
        return sum(future.done() for future in self._futures)

    def results(self) -> List[T]:
        """What the calls gave, in their order."""
        return [future.result() for future in self._futures]

    def close(self) -> None:
        """Wait for all."""
        self._pool.shutdown()


def answers(statuses: Sequence[int]) -> str:
    """How often each status came: "200 × 2, 409 × 6"."""
    counts: Dict[int, int] = {}
    for status in statuses:
        counts[status] = counts.get(status, 0) + 1
    return ", ".join(f"{status} × {count}" for status, count in sorted(counts.items()))
