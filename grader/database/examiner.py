"""The examiner's view of one table of a submission's database: rows as they are stored.

Tables are looked up in the system's own catalogs, and every name is written with its schema, so
that neither a search path nor a view of the same name changes what is seen.
"""

import contextlib
import datetime
import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from grader.database.fixture import Database
from grader.database.rows import Row, plain
from grader.errors import CheckFailed, DatabaseUnavailable

_KINDS = {"v": "a view", "m": "a materialised view", "f": "a foreign table", "p": "partitioned"}
_GONE_SECONDS = 10.0
_IDLE_SECONDS = 5.0
_RESTED_SECONDS = 0.2
_IN_TRANSACTION = (
    "SELECT pid, xact_start, state FROM pg_catalog.pg_stat_activity WHERE usename = %s"
    " AND state <> 'idle' AND datname = pg_catalog.current_database()"
)


# InternalError: also what a trigger raises by itself.
_REFUSALS = (
    psycopg2.DataError,
    psycopg2.IntegrityError,
    psycopg2.InternalError,
    psycopg2.NotSupportedError,
    psycopg2.ProgrammingError,
)


class Refused(CheckFailed):
    """The submission's own table, constraint or trigger refuses a statement of the examiner."""


class Examiner:
    """Looks at, and changes, the rows of one table; ``key`` is its primary key's column."""

    def __init__(self, database: Database, table: str, key: str, columns: Sequence[str]) -> None:
        self.database = database
        self.table = table
        self.key = key
        self.columns = tuple(columns)
        # Whether the services that work on the database have come to rest; None: not known.
        self.at_rest: Callable[[], Optional[bool]] = _not_known
        # How long those services have had a processor.
        self.worked: Callable[[], float] = lambda: 0.0
        # What limits are multiplied with on a busy machine.
        self.slowness: Callable[[], float] = lambda: 1.0
        self._connection: Any = None
        self._endless: Set[Tuple[Any, ...]] = set()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # -- what is there ------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether the table is there at all."""
        return bool(self._found())

    def place(self) -> sql.Composed:
        """The table with its schema, as it is written in a statement.

        Raises:
            CheckFailed: there is no such table, or it is none but looks like one.
        """
        found = self._found()
        if not found:
            raise CheckFailed(
                f"There is no table {self.table} in the database that DATABASE_URL names."
            )
        schema, kind, secured = found[0]
        if kind != "r":
            what = _KINDS.get(kind, "something else")
            raise CheckFailed(f"{self.table} is {what}; the ticket asks for an ordinary table.")
        if secured:
            raise CheckFailed(f"Row-level security hides rows of {self.table} from its owner.")
        return sql.Composed([sql.Identifier(schema), sql.SQL("."), sql.Identifier(self.table)])

    def _found(self) -> List[Tuple[str, str, bool]]:
        """The tables of that name, the one in ``public`` first."""
        rows = self._run(
            "SELECT n.nspname, c.relkind, c.relrowsecurity AND c.relforcerowsecurity"
            " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relname = %s AND c.relkind IN ('r','v','m','f','p')"
            " AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
            " ORDER BY n.nspname <> 'public', n.nspname",
            (self.table,),
        )
        return [(str(schema), str(kind), bool(secured)) for schema, kind, secured in rows]

    def _check_columns(self, place: sql.Composed) -> None:
        rows = self._run(
            "SELECT attname FROM pg_catalog.pg_attribute"
            " WHERE attrelid = %s::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped",
            (place.as_string(self._connected()),),
        )
        missing = [name for name in self.columns if (name,) not in rows]
        if missing:
            raise CheckFailed(f"The table {self.table} has no column {', '.join(missing)}.")

    def rows(self) -> List[Row]:
        """All rows, by key; instants are told in UTC, without their zone.

        Raises:
            CheckFailed: the table is not as the ticket says, or a transaction bars it.
        """
        place = self.place()
        self._check_columns(place)
        statement = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            place,
            sql.Identifier(self.key),
        )
        return [
            {name: plain(value) for name, value in zip(self.columns, row)}
            for row in self._run(statement)
        ]

    def row(self, key: Any) -> Row:
        """The row with this key.

        Raises:
            CheckFailed: it is not there.
        """
        for row in self.rows():
            if row[self.key] == key:
                return row
        raise CheckFailed(f"The row {self.key} = {key} has gone from {self.table}.")

    # -- changes ------------------------------------------------------------------------------

    def update(self, key: Any, **values: Any) -> None:
        """Change one row, with one plain statement.

        Raises:
            CheckFailed: a transaction bars it.
            Refused: the database does.
        """
        self._change("UPDATE {} SET {} WHERE {} = %s", key, values)

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows that name every column, with one plain statement.

        Raises:
            CheckFailed: a transaction bars it.
            Refused: the database does.
        """
        one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(self.columns)))
        statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}").format(
            self.place(),
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            sql.SQL(", ").join([one] * len(rows)),
        )
        self._run(statement, [row[name] for row in rows for name in self.columns])

    def delete(self, keys: Sequence[Any]) -> None:
        """Delete rows.

        Raises:
            CheckFailed: a transaction bars it.
            Refused: the database does.
        """
        statement = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)")
        self._run(statement.format(self.place(), sql.Identifier(self.key)), (list(keys),))

    def delete_all(self) -> None:
        """Delete every row.

        Raises:
            CheckFailed: a transaction bars it.
        """
        self._run(sql.SQL("DELETE FROM {}").format(self.place()))

    def _change(self, statement: str, key: Any, values: Dict[str, Any]) -> None:
        assignments = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values]
        composed = sql.SQL(statement).format(
            self.place(), sql.SQL(", ").join(assignments), sql.Identifier(self.key)
        )
        self._run(composed, (*values.values(), key))

    # -- the server ---------------------------------------------------------------------------

    def today(self) -> datetime.date:
        """The database's own day, in UTC."""
        day: datetime.date = self._run("SELECT pg_catalog.now()::pg_catalog.date")[0][0]
        return day

    def tables(self) -> List[sql.Composed]:
        """Every ordinary table of the submission, with its schema."""
        rows = self._run(
            "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
            " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
            " ORDER BY c.oid"
        )
        dot = sql.SQL(".")
        return [sql.Composed([sql.Identifier(s), dot, sql.Identifier(t)]) for s, t in rows]

    def wait_until_idle(self) -> None:
        """Wait until no connection of the submission is in a transaction, for a few seconds.

        A framework may commit, or give a connection back, after it has sent the answer. One that
        stays in its transaction while its service is at rest is waited for once.
        """
        deadline = time.monotonic() + _IDLE_SECONDS * self.slowness()
        rested: Optional[float] = None
        while True:
            found = {tuple(row) for row in self._run(_IN_TRANSACTION, (self.database.owner,))}
            found -= self._endless
            now = time.monotonic()
            if not found:
                return
            if any(state == "active" for _, _, state in found) or not self.at_rest():
                rested = None
            else:
                rested = now if rested is None else rested
            if now > deadline or (rested is not None and now - rested > _RESTED_SECONDS):
                self._endless |= found
                return
            time.sleep(0.002)

    def drop_connections(self) -> int:
        """End every connection of the submission; they are gone when this returns.

        Returns:
            How many there were.
        """
        self.wait_until_idle()
        ended = self._run(
            "SELECT pid, pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
            " WHERE usename = %s AND datname = pg_catalog.current_database()",
            (self.database.owner,),
        )
        deadline = time.monotonic() + _GONE_SECONDS * self.slowness()
        pids = [pid for pid, _ in ended]
        while self._run("SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid = ANY(%s)", (pids,)):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable("PostgreSQL did not end connections when told to.")
            time.sleep(0.002)
        return len(ended)

    # -- inside -------------------------------------------------------------------------------

    def _connected(self) -> Any:
        if self._connection is None or self._connection.closed:
            self._connection = self.database.connect()
        return self._connection

    def _run(self, statement: Any, values: Sequence[Any] = ()) -> List[Any]:
        with self.explained(), self._connected().cursor() as cursor:
            cursor.execute(statement, tuple(values))
            return list(cursor.fetchall()) if cursor.description else []

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Around a statement: what the submission's own doing makes impossible is its failure.

        Raises:
            CheckFailed: a transaction bars it, or the table holds what cannot be read.
            Refused: the database does not take the statement.
            DatabaseUnavailable: the server does not answer.
        """
        try:
            yield
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.QueryCanceled):
            raise CheckFailed(
                f"A connection of the service holds {self.table} locked in a transaction that "
                "does not end: nobody else can work with the table."
            ) from None
        except _REFUSALS as error:
            raise Refused(
                f"The table {self.table} does not take or give what the ticket says: "
                f"{_first_line(error)}"
            ) from None
        except psycopg2.OperationalError as error:
            told = f"Nobody else can work with {self.table}: {_first_line(error)}"
            raise self.database.whose_doing(error, told) from None
        except (ValueError, OverflowError) as error:  # psycopg2, of a date after the year 9999
            raise CheckFailed(
                f"The table {self.table} holds a value that Python cannot: {error}"
            ) from None


def _first_line(error: psycopg2.Error) -> str:
    return str(error).strip().partition("\n")[0]


def _not_known() -> Optional[bool]:
    return None
