"""The gate before a commit: whoever has written waits at its commit, its rows still locked.

A submission that gives up a lock of its own making (a lock of the process, an advisory lock) when
it has written, and not when it has committed, lets the next one look at what is not changed yet.
A constraint trigger that is deferred runs at the commit, and here waits for the gate's lock.
"""

import contextlib
import secrets
from typing import Any, Iterator, List

import psycopg2
from psycopg2 import sql

from grader.database.examiner import Examiner

SCHEMA = sql.Identifier("workbook_gate")
_MAKE = (
    "CREATE SCHEMA {schema}",
    "CREATE FUNCTION {schema}.hold() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared({key}); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER workbook_gate AFTER INSERT OR UPDATE OR DELETE ON {table}"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.hold()",
)


@contextlib.contextmanager
def held_commits(examiner: Examiner) -> Iterator[List[Any]]:
    """Prepare the gate; gives the statements that take it, none where it cannot be had.

    What it adds to the submission's database belongs to the submission's role, and is gone when
    this ends or, at the latest, when the database is given back.

    Raises:
        CheckFailed: there is no table.
    """
    key = sql.Literal(secrets.randbits(62))
    names = {"schema": SCHEMA, "key": key, "table": examiner.place()}
    with contextlib.closing(examiner.database.connect()) as connection:
        connection.autocommit = False
        made = _run(connection, examiner, [sql.SQL(text).format(**names) for text in _MAKE])
        yield [sql.SQL("SELECT pg_catalog.pg_advisory_xact_lock({})").format(key)] if made else []
        if made:
            examiner.wait_until_idle()
            _run(connection, examiner, [sql.SQL("DROP SCHEMA {} CASCADE").format(SCHEMA)])


def _run(connection: Any, examiner: Examiner, statements: List[Any]) -> bool:
    """Run all in one transaction, as the submission's role; False where one is refused."""
    owner = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(examiner.database.owner))
    try:
        with connection, connection.cursor() as cursor:
            for statement in (owner, *statements):
                cursor.execute(statement)
    except psycopg2.Error:
        return False
    return True
