"""Two sessions on a real PostgreSQL, stepped through by a script.

Each session has a connection and a thread of its own, so that a statement that waits for a lock
does wait, while the other session goes on. Whether one waits is asked of the server, not of a
clock.
"""

import atexit
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

import psycopg2

from grader.database.fixture import Database, Databases

# (who, statement) or (who, statement, what it means); `{seen}` is what the session read last.
Step = Tuple[str, ...]
_DEADLINE = 20.0


@dataclass
class Event:
    """One step as it went; ``ended`` is the number of the step during which it came to its end."""

    who: str
    statement: str
    note: str
    ended: int = -1
    result: str = ""
    failed: bool = False
    watched: str = ""


def open_database() -> Database:
    """A fresh database on a server that ends with the notebook."""
    databases = Databases()
    atexit.register(databases.close)
    return databases.create()


def execute(database: Database, *statements: str) -> Any:
    """Execute statements, each for itself; the rows of the last, or its count of rows."""
    connection = database.connect_as_submission()
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else cursor.rowcount
    finally:
        connection.close()


class _Session:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.connection.autocommit = True
        self.pid = connection.get_backend_pid()
        self.seen: Any = None
        self.thread = ThreadPoolExecutor(1)
        self.running: Optional[Tuple[Event, Future[str]]] = None

    def begin(self, event: Event) -> None:
        self.running = event, self.thread.submit(self._execute, event.statement)

    def _execute(self, statement: str) -> str:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            if cursor.description is None:
                return str(cursor.statusmessage)
            row = cursor.fetchone()
            self.seen = row[0] if row else None
            return "" if self.seen in ("", None) and row else f"→ {self.seen}"

    def close(self) -> None:
        self.connection.close()
        self.thread.shutdown()


def play(database: Database, steps: Sequence[Step], watch: str = "") -> List[Event]:
    """Step the sessions through the script; ``watch`` is asked by an onlooker after each step."""
    onlooker = database.connect_as_submission()
    onlooker.autocommit = True
    names = dict.fromkeys(step[0] for step in steps)
    sessions = {name: _Session(database.connect_as_submission()) for name in names}
    events: List[Event] = []
    try:
        for number, (who, statement, *note) in enumerate(steps):
            session = sessions[who]
            statement = statement.replace("{seen}", str(session.seen))
            events.append(Event(who, statement, "".join(note)))
            session.begin(events[-1])
            _settle(sessions, onlooker, number)
            if watch:
                events[-1].watched = str(_ask(onlooker, watch))
    finally:
        onlooker.close()
        for session in sessions.values():
            session.close()
    return events


def _settle(sessions: Dict[str, _Session], onlooker: Any, number: int) -> None:
    """Wait until each statement has ended, or waits for a lock that another session holds."""
    deadline = time.monotonic() + _DEADLINE
    for session in sessions.values():
        while session.running is not None:
            event, future = session.running
            if future.done():
                _note_end(event, future, number)
                session.running = None
            elif _ask(onlooker, f"SELECT cardinality(pg_blocking_pids({session.pid}))"):
                break
            elif time.monotonic() > deadline:
                raise TimeoutError(f"{event.statement} neither ends nor waits for a lock.")
            else:
                time.sleep(0.002)


def _note_end(event: Event, future: "Future[str]", number: int) -> None:
    event.ended = number
    try:
        event.result = future.result()
    except psycopg2.Error as error:
        event.failed = True
        event.result = str(error).splitlines()[0]


def _ask(connection: Any, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
