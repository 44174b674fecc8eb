"""What a submission's role may do, and what the examiner sees whatever the submission does."""

import contextlib
import os
from typing import Any, Iterator

import psycopg2
import pytest

from grader.database.examiner import Examiner, Refused
from grader.database.fixture import MOST_CONNECTIONS, Database, Databases
from grader.database.rows import first_difference
from grader.errors import CheckFailed, DatabaseUnavailable

COLUMNS = ("id", "starts", "is_booked")


@pytest.fixture(scope="module")
def databases() -> Iterator[Databases]:
    """One server for all tests here."""
    with Databases() as made:
        yield made


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A fresh database."""
    made = databases.create()
    yield made
    databases.give_back(made)


@pytest.fixture
def submission(database: Database) -> Iterator[Any]:
    """Runs statements as the submission."""
    with contextlib.closing(database.connect_as_submission()) as connection:
        yield connection.cursor()


@pytest.fixture
def examiner(database: Database, submission: Any) -> Iterator[Examiner]:
    """The examiner of the table ``slots``, which has two rows."""
    submission.execute("CREATE TABLE slots (id integer, starts timestamptz, is_booked boolean)")
    submission.execute(
        "INSERT INTO slots VALUES (1, '2030-01-07 09:00+01', false), (2, now(), false)"
    )
    made = Examiner(database, "slots", "id", COLUMNS)
    yield made
    made.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.skipif("GRADER_DATABASE_URL" in os.environ, reason="a given server has its own limits")
def test_a_table_is_bounded_and_the_server_lives_on(submission: Any) -> None:
    """Gigabytes in a table would be the machine's disk."""
    submission.execute("CREATE TABLE heap (x text); ALTER TABLE heap ALTER x SET STORAGE EXTERNAL")
    rows = "INSERT INTO heap SELECT repeat('x', 1000000) FROM generate_series(1, 100)"
    with pytest.raises(psycopg2.Error, match="File too large"):
        submission.execute(rows)
    submission.execute("DROP TABLE heap; SELECT 1")
    assert submission.fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/written-by-a-submission'",
        "CREATE TABLE t (a text); COPY t FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT * FROM pg_authid",
        "SET log_statement = 'none'",
        "ALTER SYSTEM SET fsync = on",
        "CREATE EXTENSION file_fdw",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'getpid'",
        "LOAD 'auto_explain'",
        "SET SESSION AUTHORIZATION postgres",
    ],
)
def test_what_the_role_may_not(submission: Any, statement: str) -> None:
    """No rights beyond its own database: no files, no programs, no other role."""
    with pytest.raises(psycopg2.Error):
        submission.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE t (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY)",
        "CREATE SCHEMA mine",
        "CREATE TYPE state AS ENUM ('free')",
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT pg_advisory_lock(1)",
        "CREATE TEMPORARY TABLE t (a int)",
    ],
)
def test_what_the_role_may(submission: Any, statement: str) -> None:
    """Whatever an application does in a database of its own."""
    try:
        submission.execute(statement)
    except psycopg2.errors.FeatureNotSupported:
        assert "btree_gist" in statement  # not part of every build


def test_no_other_database_can_be_entered(databases: Databases, database: Database) -> None:
    """Neither the server's own nor another submission's."""
    other = databases.create()
    for name in ("postgres", "template1", other.name):
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            databases.server.connect(
                user=database.owner, password=database.passwords[database.owner], dbname=name
            )
    databases.drop(other)


def test_hoarded_connections_do_not_lock_the_examiner_out(database: Database) -> None:
    """The submission runs out of connections before the server does."""
    with contextlib.ExitStack() as hoard:
        for _ in range(MOST_CONNECTIONS):
            hoard.enter_context(contextlib.closing(database.connect_as_submission()))
        with pytest.raises(psycopg2.OperationalError, match="too many"):
            database.connect_as_submission()
        database.connect().close()


def test_rows_are_read_in_utc(examiner: Examiner) -> None:
    """09:00 at +01 is 08:00."""
    assert str(examiner.row(1)["starts"]) == "2030-01-07 08:00:00"


def test_a_view_is_no_table(examiner: Examiner, submission: Any) -> None:
    """It could show what is not stored."""
    submission.execute("ALTER TABLE slots RENAME TO hidden; CREATE VIEW slots AS TABLE hidden")
    with pytest.raises(CheckFailed, match="slots is a view; the ticket asks for an ordinary table"):
        examiner.rows()


def test_a_table_in_another_schema_is_found(database: Database, submission: Any) -> None:
    """Where it stands is the learner's choice."""
    submission.execute("CREATE SCHEMA s; CREATE TABLE s.slots AS SELECT 1 AS id")
    with contextlib.closing(Examiner(database, "slots", "id", ("id",))) as examiner:
        assert examiner.rows() == [{"id": 1}]


def test_settings_of_the_database_do_not_change_what_is_seen(
    database: Database, examiner: Examiner, submission: Any
) -> None:
    """A search path, a zone or a time-out that the owner gives to later sessions."""
    submission.execute(
        "CREATE SCHEMA trick; CREATE TABLE trick.pg_class AS SELECT 1 AS oid;"
        f"ALTER DATABASE {database.name} SET search_path = trick, pg_catalog;"
        f"ALTER DATABASE {database.name} SET timezone = 'Asia/Tokyo';"
        f"ALTER DATABASE {database.name} SET statement_timeout = 1;"
        f"ALTER DATABASE {database.name} SET default_transaction_read_only = on;"
    )
    examiner.close()
    assert str(examiner.row(1)["starts"]) == "2030-01-07 08:00:00"
    examiner.update(1, is_booked=True)
    assert examiner.row(1)["is_booked"] is True


def test_code_in_the_table_runs_without_rights(examiner: Examiner, submission: Any) -> None:
    """A trigger fired by the examiner's statement can do no more than the submission."""
    submission.execute(
        "CREATE TABLE seen (super boolean);"
        "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO"
        " public.seen SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname IN"
        " (current_user, session_user); RETURN NEW; END $$;"
        "CREATE TRIGGER spy BEFORE UPDATE ON slots FOR EACH ROW EXECUTE FUNCTION spy()"
    )
    examiner.update(1, is_booked=True)
    submission.execute("SELECT bool_or(super) FROM seen")
    assert submission.fetchone() == (False,)


def test_a_trigger_finds_its_own_tables(examiner: Examiner, submission: Any) -> None:
    """A learner's trigger names its tables without a schema, and works for the examiner, too."""
    submission.execute(
        "CREATE TABLE history (slot integer);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO history VALUES (NEW.id); RETURN NEW; END $$;"
        "CREATE TRIGGER note BEFORE UPDATE ON slots FOR EACH ROW EXECUTE FUNCTION note()"
    )
    examiner.update(1, is_booked=True)
    submission.execute("SELECT slot FROM history")
    assert submission.fetchone() == (1,)


def test_what_a_trigger_refuses_is_told(examiner: Examiner, submission: Any) -> None:
    """It is the submission's doing, not the grader's fault."""
    submission.execute(
        "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'not now'; END $$;"
        "CREATE TRIGGER never BEFORE UPDATE ON slots FOR EACH ROW EXECUTE FUNCTION never()"
    )
    with pytest.raises(Refused, match="not now"):
        examiner.update(1, is_booked=True)


def test_rows_hidden_by_a_policy_are_told(examiner: Examiner, submission: Any) -> None:
    """Not mistaken for an empty table."""
    submission.execute(
        "ALTER TABLE slots ENABLE ROW LEVEL SECURITY; ALTER TABLE slots FORCE ROW LEVEL SECURITY"
    )
    with pytest.raises(CheckFailed, match="Row-level security"):
        examiner.rows()


def test_a_missing_table_or_column_is_told(examiner: Examiner, submission: Any) -> None:
    """By name."""
    submission.execute("ALTER TABLE slots DROP COLUMN is_booked")
    with pytest.raises(CheckFailed, match="has no column is_booked"):
        examiner.rows()
    submission.execute("DROP TABLE slots")
    with pytest.raises(CheckFailed, match="There is no table slots"):
        examiner.rows()


def test_a_lock_that_is_never_given_back_is_the_submissions_failure(
    database: Database, examiner: Examiner
) -> None:
    """Not the grader's, and not for ever."""
    with contextlib.closing(database.connect_as_submission()) as connection:
        connection.autocommit = False
        connection.cursor().execute("LOCK TABLE slots IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(CheckFailed, match="in a transaction that does not end"):
            examiner.rows()


def test_connections_are_dropped(database: Database, examiner: Examiner) -> None:
    """The submission's, not the examiner's; the next statement on one fails."""
    with contextlib.closing(database.connect_as_submission()) as connection:
        assert examiner.drop_connections() >= 1
        with pytest.raises(psycopg2.OperationalError):
            connection.cursor().execute("SELECT 1")
    assert len(examiner.rows()) == 2


def test_differences_are_told_shortly(examiner: Examiner) -> None:
    """The first one, by row and column."""
    before = examiner.rows()
    assert first_difference(before, before, "id") is None
    examiner.update(2, is_booked=True)
    after = examiner.rows()
    assert first_difference(before, after, "id") == "is_booked of row 2 went from False to True"
    examiner.delete([1])
    assert first_difference(after, examiner.rows(), "id") == "row 1 has gone"
    assert first_difference(examiner.rows(), after, "id") == "row 1 is new"
    assert first_difference([], after, "id") == "row 1 is new, and 2 rows are new in all"


@pytest.mark.parametrize(
    ("statement", "again"),
    [
        ("CREATE TABLE t (a serial); CREATE SCHEMA s; CREATE TABLE s.t (a int)", True),
        (
            "CREATE TYPE t AS ENUM (); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            True,
        ),
        ("SELECT pg_catalog.lo_create(0)", True),
        ("ALTER ROLE CURRENT_USER PASSWORD 'mine'", True),
        ("ALTER ROLE CURRENT_USER SET timezone = 'Asia/Tokyo'", False),
        ("GRANT ALL ON SCHEMA public TO PUBLIC", False),
        ("DROP SCHEMA public", False),
    ],
)
def test_a_database_that_comes_back_is_as_new(
    databases: Databases, statement: str, again: bool
) -> None:
    """Emptied, and dropped where that is not enough."""
    made = databases.create()
    with contextlib.closing(made.connect_as_submission()) as connection:
        connection.cursor().execute(statement)
        databases.give_back(made)
    following = databases.create()
    assert (following is made) is again
    with contextlib.closing(following.connect_as_submission()) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM pg_class WHERE oid >= 16384")
        assert cursor.fetchone() == (0,)
        cursor.execute("CREATE TABLE t (a int)")
    databases.give_back(following)


def test_a_closed_database_is_the_submissions_failure(
    databases: Databases, database: Database, submission: Any
) -> None:
    """Its owner may close it; that is told as what it is, and the next gets another."""
    submission.execute(f"ALTER DATABASE {database.name} CONNECTION LIMIT 0")
    with pytest.raises(CheckFailed, match="closed its database"):
        database.connect()
    submission.connection.close()
    spare = databases.create()
    assert spare is not database
    databases.give_back(spare)


def test_a_server_that_has_gone_is_the_graders_matter() -> None:
    """Not the submission's."""
    with Databases() as mine:
        made = mine.create()
        mine.server.close()
        with pytest.raises(DatabaseUnavailable):
            made.connect()


BREAKS = (
    "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} END $$;"
    "CREATE TRIGGER broken BEFORE UPDATE ON slots FOR EACH ROW EXECUTE FUNCTION broken()"
)


@pytest.mark.parametrize(
    "doing",
    [
        "RAISE EXCEPTION 'no space' USING ERRCODE = '53100';",
        "RAISE EXCEPTION 'lost' USING ERRCODE = '08006';",
        "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW;",
    ],
)
def test_a_trigger_that_sounds_like_the_servers_trouble_is_the_submissions(
    submission: Any, examiner: Examiner, doing: str
) -> None:
    """As long as the server itself answers; and the examiner sees the next thing all the same."""
    submission.execute(BREAKS.format(doing))
    submission.connection.commit()
    with pytest.raises(CheckFailed, match="Nobody else can work with slots"):
        examiner.update(1, is_booked=True)
    assert examiner.rows()


@pytest.mark.parametrize("moment", ["20000-01-01 09:00", "0044-03-15 09:00 BC"])
def test_a_time_that_python_cannot_hold_is_the_submissions_failure(
    submission: Any, examiner: Examiner, moment: str
) -> None:
    submission.execute("UPDATE slots SET starts = %s", (moment,))
    submission.connection.commit()
    with pytest.raises(CheckFailed, match="slots holds a value that Python cannot"):
        examiner.rows()
