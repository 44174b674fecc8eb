"""Databases for submissions: each fresh, each with a role that owns it and can do nothing else.

Of the two roles made for each database the submission gets one; the other is the examiner's. The
examiner's has the submission's rights and no more, so that nothing that a submission hides in its
tables (a trigger, a view, a default) can do more when the examiner touches it than the submission
could by itself. The administrator never connects to a submission's database.
"""

import contextlib
import secrets
import time
from types import TracebackType
from typing import Any, List, Mapping, Optional, Type
from urllib.parse import urlencode

import psycopg2
from psycopg2 import sql

from grader.database.cleaning import (
    PREFIX,
    TERMINATE,
    drop_abandoned,
    drop_database,
    fingerprint,
)
from grader.database.server import Server, open_server
from grader.errors import CheckFailed, DatabaseUnavailable

# Fewer than the server takes, so that a submission that hoards connections cannot lock the
# examiner out.
MOST_CONNECTIONS = 80
_RUN_ID_DIGITS = 7
_CLOSED = "The service has closed its database: nobody else can connect to it."
_END_SECONDS = 10.0


class Database:
    """One fresh database: ``url`` is for the submission."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.owner = name
        self.examiner = name + "_examiner"
        self.logged = False
        self.fresh: Any = None
        self.passwords = {role: secrets.token_hex(16) for role in (self.owner, self.examiner)}

    @property
    def port(self) -> int:
        """The server's TCP port."""
        return int(self.server.admin.get("port") or 5432)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL that the submission finds in ``DATABASE_URL``."""
        parameters = dict(self.server.admin)
        for secret in ("user", "password", "dbname"):
            parameters.pop(secret, None)
        host, port = parameters.pop("host", ""), parameters.pop("port", "")
        if host.startswith("/"):  # the folder of a UNIX socket
            parameters["host"] = host
            host = ""
        place = f"{host}:{port}" if port else host
        query = f"?{urlencode(parameters)}" if parameters else ""
        credentials = f"{self.owner}:{self.passwords[self.owner]}"
        return f"postgresql+psycopg2://{credentials}@{place}/{self.name}{query}"

    def connect(self) -> Any:
        """A new connection with the examiner's role, each statement for itself.

        Every setting that the owner of a database can give it for later sessions, and that would
        change what the examiner sees, is set here again. ``public`` is searched, last, since a
        submission's own triggers find their tables there.

        Raises:
            CheckFailed: the submission has closed its database.
            DatabaseUnavailable: the server does not answer.
        """
        settings = {
            "search_path": "pg_catalog,public,pg_temp",
            "timezone": "UTC",
            "datestyle": "ISO",
            "row_security": "on",
            "default_transaction_read_only": "off",
            "default_transaction_isolation": "read\\ committed",
            "statement_timeout": "20s",
            "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "0",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        try:
            connection = self._connect_as(self.examiner, options)
        except psycopg2.OperationalError as error:
            raise self.whose_doing(error, _CLOSED) from None
        connection.set_client_encoding("UTF8")
        return connection

    def whose_doing(self, error: psycopg2.OperationalError, told: str) -> Exception:
        """Whose doing a failure is: an owner may close its database, or end others' connections.

        Args:
            error: why the examiner is not let in, or is not served.
            told: what to say where the server itself is well.
        """
        try:
            self.server.connect().close()
        except psycopg2.OperationalError:
            return DatabaseUnavailable(f"PostgreSQL does not answer any more: {error}".strip())
        return CheckFailed(told)

    def connect_as_submission(self) -> Any:
        """A new connection with the submission's own role: for tests of what it may do."""
        return self._connect_as(self.owner, "")

    def _connect_as(self, role: str, options: str) -> Any:
        return self.server.connect(
            user=role, password=self.passwords[role], dbname=self.name, options=options
        )


class Databases:
    """The databases of one grading, all dropped at its end."""

    def __init__(self, server: Optional[Server] = None) -> None:
        self._server = server
        self._owns_server = server is None
        self._admin: Any = None
        self._run = secrets.token_hex(_RUN_ID_DIGITS)[:_RUN_ID_DIGITS]
        self._count = 0
        self._made: List[Database] = []
        self._clean: List[Database] = []

    @property
    def server(self) -> Server:
        """The server, started when it is first asked for.

        Raises:
            DatabaseUnavailable: there is none to be had.
        """
        if self._server is None:
            self._server = open_server()
        return self._server

    def create(self, log_statements: bool = False) -> Database:
        """An empty database; on request the server logs the submission's statements.

        Raises:
            DatabaseUnavailable: the server cannot be reached, or refuses.
        """
        for database in self._clean:
            if database.logged == log_statements:
                self._clean.remove(database)
                return database
        self._count += 1
        database = Database(self.server, f"{PREFIX}{self._run}_{self._count}")
        self._made.append(database)
        try:
            self._make(database)
            database.logged = log_statements
            if log_statements and self.server.log is not None:
                self._execute("ALTER DATABASE {name} SET log_statement = 'all'", database)
            database.fresh = self._fingerprint(database)
        except psycopg2.Error as error:
            raise DatabaseUnavailable(
                f"PostgreSQL could not make a database: {str(error).strip()}"
            ) from error
        return database

    def give_back(self, database: Database) -> None:
        """Empty a database for the next who wants one, or drop it; nobody may be using it.

        Emptying takes a tenth of the time that making one takes.
        """
        try:
            self._end_connections(database)
            with contextlib.closing(database.connect()) as connection:
                owner = sql.Identifier(database.owner)
                with connection.cursor() as cursor:
                    cursor.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(owner))
            clean = self._fingerprint(database) == database.fresh
            password = {"password": database.passwords[database.owner]}
            self._execute("ALTER ROLE {owner} PASSWORD %(password)s", database, password)
        except (psycopg2.Error, CheckFailed):
            clean = False
        if clean:
            self._clean.append(database)
        else:
            self.drop(database)

    @staticmethod
    def _fingerprint(database: Database) -> List[str]:
        with contextlib.closing(database.connect()) as connection:
            return fingerprint(connection, (database.owner, database.examiner))

    def _end_connections(self, database: Database) -> None:
        """End whatever is still connected, and wait until it has gone."""
        with self._connection().cursor() as cursor:
            deadline = time.monotonic() + _END_SECONDS
            while time.monotonic() < deadline:
                cursor.execute(TERMINATE, (database.name,))
                if not cursor.fetchall():
                    return
                time.sleep(0.002)

    def drop(self, database: Database) -> None:
        """Drop a database and its roles, whoever is connected."""
        self._made.remove(database)
        drop_database(self._connection(), database.name)

    def close(self) -> None:
        """Drop all; end the server if it was started here."""
        if self._admin is not None:
            with contextlib.suppress(psycopg2.Error):
                if not self._owns_server or self.server.log is None:
                    for database in self._made:
                        drop_database(self._admin, database.name)
            with contextlib.suppress(psycopg2.Error):
                self._admin.close()
            self._admin = None
        if self._owns_server and self._server is not None:
            self._server.close()
            self._server = None

    def __enter__(self) -> "Databases":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _connection(self) -> Any:
        if self._admin is None:
            self._admin = self.server.connect()
            with self._admin.cursor() as cursor:
                # Held as long as this connection lives: the mark of a run that is not over.
                cursor.execute("SELECT pg_advisory_lock(%s)", (int(self._run, 16),))
            drop_abandoned(self._admin, self._run)
        return self._admin

    def _make(self, database: Database) -> None:
        passwords = {
            "password": database.passwords[database.owner],
            "other": database.passwords[database.examiner],
        }
        version = self._connection().server_version
        # A plain copy of the files is twice as fast as the default since 15, which logs each page.
        strategy = "STRATEGY file_copy" if version >= 150000 else ""
        for statement in (
            "CREATE ROLE {owner} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
            f" CONNECTION LIMIT {MOST_CONNECTIONS} PASSWORD %(password)s",
            "CREATE ROLE {examiner} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
            " IN ROLE {owner} PASSWORD %(other)s",
            # Where the administrator is no superuser, it must belong to the owner to make it one.
            "GRANT {owner} TO CURRENT_USER",
            "CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' " + strategy,
            "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            "ALTER DATABASE {name} SET timezone = 'UTC'",
        ):
            self._execute(statement, database, passwords)
        if self.server.log is not None:
            self._execute("ALTER ROLE {examiner} SET log_statement = 'none'", database)

    def _execute(
        self, statement: str, database: Database, values: Optional[Mapping[str, str]] = None
    ) -> None:
        names = {
            "name": sql.Identifier(database.name),
            "owner": sql.Identifier(database.owner),
            "examiner": sql.Identifier(database.examiner),
        }
        with self._connection().cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(**names), values)
