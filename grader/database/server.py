"""A PostgreSQL server: one of the grader's own for each run, or one that the user names.

The own server is thrown away at the end, so it runs with every safeguard against a crash off. It
listens on 127.0.0.1 alone and asks everybody for a password.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Dict, Mapping, Optional, Tuple, Type

import psycopg2
import psycopg2.extensions

from grader.database import watchdog
from grader.database.binaries import Binaries, find_binaries
from grader.database.cache import cache_folder, locked, try_lock
from grader.database.leftovers import remove_abandoned_runs
from grader.database.template import (
    Template,
    ensure_reachable,
    ensure_template,
    forget_template,
    server_environment,
    server_user,
)
from grader.errors import DatabaseUnavailable
from grader.processes import processor_seconds
from grader.system import SWITCH

VARIABLE = "GRADER_DATABASE_URL"
_START_SECONDS = 90.0
_STOP_SECONDS = 30.0
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "16MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
    # Read back for the timeline of a race: seconds, process, then the message.
    "log_line_prefix": "%n [%p] ",
    "log_min_error_statement": "panic",
}
_SETTINGS_SINCE: Mapping[int, Mapping[str, str]] = {
    # A password drawn at random needs no slow hash, and each connection would pay for it.
    16: {"scram_iterations": "1"},
    18: {"io_method": "sync"},
}


class Server:
    """A server and the connection parameters of a role that may create databases and roles.

    ``log`` is what the server writes, and ``pid`` its first process, where these are known.
    """

    def __init__(self, admin: Mapping[str, str], log: Optional[Path] = None) -> None:
        self.admin = dict(admin)
        self.log = log
        self.pid: Optional[int] = None
        self.version = ""

    def processor_seconds(self) -> Optional[float]:
        """How long its processes have had a processor in all; None where that is not known."""
        return None if self.pid is None else processor_seconds(self.pid)

    def connect(self, **options: str) -> Any:
        """A new connection as the administrator, each statement for itself."""
        connection = psycopg2.connect(psycopg2.extensions.make_dsn(**{**self.admin, **options}))
        connection.autocommit = True
        return connection

    def close(self) -> None:
        """End what was started."""

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()


def open_server() -> Server:
    """The server that ``GRADER_DATABASE_URL`` names, else a new one of the grader's own.

    Raises:
        DatabaseUnavailable: neither is to be had; the message says what to do.
    """
    url = os.environ.get(VARIABLE, "").strip()
    return open_given_server(url) if url else start_own_server()


def tried_server() -> str:
    """Start (or reach) a server, as a grading does, and say what it is.

    Raises:
        DatabaseUnavailable: there is none to be had.
    """
    with open_server() as server:
        own = server.log is not None
        return f"{server.version}, {find_binaries().source if own else VARIABLE}"


def open_given_server(url: str) -> Server:
    """Use a server that runs already.

    Raises:
        DatabaseUnavailable: it cannot be reached, or its role may not create what grading needs.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise DatabaseUnavailable(f"{VARIABLE} must read postgresql://user:password@host/database.")
    try:
        admin = psycopg2.extensions.parse_dsn(f"postgresql://{rest}")
        server = Server(admin)
        with contextlib.closing(server.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR (rolcreatedb AND rolcreaterole), current_setting"
                "('server_version') FROM pg_catalog.pg_roles WHERE rolname = current_user"
            )
            able, version = cursor.fetchone()
    except psycopg2.Error as error:
        reason = (str(error).strip().splitlines() or ["it does not answer"])[0]
        raise DatabaseUnavailable(
            f"The server that {VARIABLE} names cannot be used: {reason}."
        ) from error
    if not able:
        raise DatabaseUnavailable(
            f"The role that {VARIABLE} names must be allowed to create databases and roles."
        )
    server.version = str(version)
    return server


def start_own_server() -> Server:
    """Start a server on a fresh copy of an initialised data directory.

    Raises:
        DatabaseUnavailable: there are no programs, or they do not start.
    """
    binaries = find_binaries()
    cache = cache_folder()
    try:
        return _attempt(binaries, cache)
    except DatabaseUnavailable:
        # A template that a full disk or a crash of the machine has damaged does not start.
        with locked(cache / "lock"):
            forget_template(ensure_reachable(binaries, cache), cache)
        return _attempt(binaries, cache)


def _attempt(binaries: Binaries, cache: Path) -> Server:
    try:
        with locked(cache / "lock"):
            remove_abandoned_runs(cache)
            reachable = ensure_reachable(binaries, cache)
            template = ensure_template(reachable, cache)
            run, lock = _new_run(cache)
        return _OwnServer(reachable, template, run, lock)
    except OSError as error:
        raise DatabaseUnavailable(
            f"PostgreSQL could not be set up in {cache} ({error.strerror or error})."
        ) from error


def _new_run(cache: Path) -> Tuple[Path, "IO[bytes]"]:
    """A folder for one run, and its lock: who can take the lock knows that nobody uses it."""
    run = Path(tempfile.mkdtemp(prefix="run-", dir=str(cache)))
    lock = (run / "lock").open("wb")
    try_lock(lock)
    return run, lock


class _OwnServer(Server):
    def __init__(
        self, binaries: Binaries, template: Template, run: Path, lock: "IO[bytes]"
    ) -> None:
        admin = {"host": "127.0.0.1", "user": "postgres", "dbname": "postgres"}
        super().__init__(admin, run / "log")
        self.run = run
        self._lock = lock
        inherited = () if sys.platform == "win32" else (lock.fileno(),)
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(watchdog.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=run.anchor,
            start_new_session=True,
            pass_fds=inherited,
        )
        try:
            started = self._hand_over(_task(binaries, template, run))
            self.pid = int(started["pid"])
            self.admin["port"] = str(started["port"])
            self._close_off(template.password)
        except BaseException:
            self.close()
            raise

    def _hand_over(self, task: Dict[str, Any]) -> Dict[str, Any]:
        assert self._watchdog.stdin is not None
        assert self._watchdog.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._watchdog.stdin.write(json.dumps(task).encode() + b"\n")
            self._watchdog.stdin.flush()
        # The watchdog has deadlines of its own, and its end closes the pipe.
        line = self._watchdog.stdout.readline()
        answer: Dict[str, Any] = json.loads(line) if line else {"problem": "its keeper died"}
        if "problem" in answer:
            raise DatabaseUnavailable(f"PostgreSQL did not start: {answer['problem']}")
        return answer

    def _close_off(self, first_password: str) -> None:
        """A password that this run alone knows, and no way from one database to another."""
        password = secrets.token_hex(24)
        self.admin["password"] = first_password
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("ALTER ROLE postgres PASSWORD %s", (password,))
            cursor.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
            cursor.execute("SHOW server_version")
            self.version = str(cursor.fetchone()[0])
        self.admin["password"] = password

    def close(self) -> None:
        """End the server; its files and processes are gone when this returns."""
        for pipe in (self._watchdog.stdin, self._watchdog.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        try:
            self._watchdog.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._watchdog.kill()
            self._watchdog.wait()
        self._lock.close()
        shutil.rmtree(self.run, ignore_errors=True)


def _task(binaries: Binaries, template: Template, run: Path) -> Dict[str, Any]:
    settings = dict(_SETTINGS)
    for version, added in _SETTINGS_SINCE.items():
        if template.version >= version:
            settings.update(added)
    user = server_user()
    return {
        "run": str(run),
        "template": str(template.data),
        "postgres": binaries.program("postgres"),
        "pg_ctl": binaries.program("pg_ctl"),
        "by_pg_ctl": os.name == "nt" or os.environ.get(SWITCH) == "1",
        "settings": settings,
        "environment": server_environment(),
        "user": list(user) if user is not None else None,
    }
