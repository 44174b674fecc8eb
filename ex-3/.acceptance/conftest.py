"""A PostgreSQL for the grading, a fresh database for each test, and the days that are set."""

import contextlib
import datetime
from typing import Iterator, Tuple

import pytest

from grader.acceptance import Draw, LaunchOptions, Service, StartService
from grader.acceptance.databases import VARIABLE, DatabaseWindow
from grader.acceptance.examination import Examination
from grader.database.examiner import Examiner
from grader.database.fixture import Database, Databases

Shared = Tuple[Service, DatabaseWindow]
COLUMNS = ("id", "start_time", "end_time", "is_booked", "booked_by_email")


@pytest.fixture(scope="session")
def databases(examination: Examination) -> Iterator[Databases]:
    """The databases of this grading, on a server that is there as long as it lasts."""
    with Databases() as made:
        examination.findings.postgresql = made.server.version
        examination.stage.patience.database = made.server.processor_seconds
        yield made


@pytest.fixture(scope="session")
def standard_database(databases: Databases) -> Database:
    """The database of the standard service."""
    return databases.create()


@pytest.fixture(scope="session")
def launch_options(standard_database: Database, session_draw: Draw) -> LaunchOptions:
    """The standard service has a database of its own, and its today is a Tuesday far from ours."""
    today = datetime.date.today() + datetime.timedelta(weeks=session_draw.integer(4, 40))
    tuesday = today + datetime.timedelta(days=1 - today.weekday())
    return LaunchOptions(
        env={VARIABLE: standard_database.url},
        clock=datetime.datetime.combine(tuesday, datetime.time(session_draw.integer(8, 18))),
        connect_ports=[standard_database.port],
    )


@pytest.fixture
def shared(service: Service, start: StartService, standard_database: Database) -> Iterator[Shared]:
    """The standard service and its database, for checks that leave free slots as they are."""
    with _looked_at(standard_database, start) as window:
        yield service, window


@pytest.fixture
def window(databases: Databases, start: StartService) -> Iterator[DatabaseWindow]:
    """A fresh database, and services on it."""
    with _window(databases, databases.create(), start) as made:
        yield made


@pytest.fixture
def raced_window(databases: Databases, start: StartService) -> Iterator[DatabaseWindow]:
    """The same, with a record of the service's statements."""
    with _window(databases, databases.create(log_statements=True), start) as made:
        yield made


@contextlib.contextmanager
def _window(
    databases: Databases, database: Database, start: StartService
) -> Iterator[DatabaseWindow]:
    with _looked_at(database, start) as window:
        yield window
    start.end()
    databases.give_back(database)


@contextlib.contextmanager
def _looked_at(database: Database, start: StartService) -> Iterator[DatabaseWindow]:
    table = Examiner(database, "time_slots", "id", COLUMNS)
    yield DatabaseWindow(table, start)
    table.close()
