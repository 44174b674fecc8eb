"""The gate before a commit: whoever has written waits at its commit, its rows still locked.

A submission that gives up a lock of its own making (a lock of the process, an advisory lock) when
it has written, and not when it has committed, lets the next one look at what is not changed yet.
A constraint trigger that is deferred runs at the commit, and here waits for the gate's lock.
"""

import contextlib
import secrets
from typing import Any, Iterator, List, Mapping, Sequence

import psycopg2
from psycopg2 import sql

from grader.database.examiner import Examiner

_MAKE = (
    "CREATE SCHEMA {gate}",
    "CREATE FUNCTION {gate}.hold() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared({key}); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER {gate} AFTER INSERT OR UPDATE OR DELETE ON {table}"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {gate}.hold()",
)
_DROP = ("DROP SCHEMA {gate} CASCADE",)
# What another session's doing may cause (a lock that is held, a catalog's row that it changes), and
# which is no refusal.
_PASSING = (psycopg2.OperationalError, psycopg2.InternalError)
_TRIES = 3


@contextlib.contextmanager
def held_commits(examiner: Examiner) -> Iterator[List[Any]]:
    """Prepare the gate; gives the statements that take it, none where it cannot be had.

    What it adds to the submission's database belongs to the submission's role, and is gone when
    this ends or, at the latest, when the database is given back.

    Raises:
        CheckFailed: there is no table.
    """
    number = secrets.randbits(62)
    key = sql.Literal(number)
    # A name of its own: one that could not be dropped is no obstacle to the next.
    gate = sql.Identifier(f"workbook_gate_{number:x}")
    names = {"gate": gate, "key": key, "table": examiner.place()}
    with contextlib.closing(examiner.database.connect()) as connection:
        connection.autocommit = False
        made = _run(connection, examiner, _MAKE, names)
        yield [sql.SQL("SELECT pg_catalog.pg_advisory_xact_lock({})").format(key)] if made else []
        if made:
            _run(connection, examiner, _DROP, names)


def _run(
    connection: Any, examiner: Examiner, texts: Sequence[str], names: Mapping[str, Any]
) -> bool:
    """Run all in one transaction, as the submission's role; False where one is refused."""
    owner = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(examiner.database.owner))
    for _ in range(_TRIES):
        examiner.wait_until_idle()
        try:
            with connection, connection.cursor() as cursor:
                for statement in (owner, *(sql.SQL(text).format(**names) for text in texts)):
                    cursor.execute(statement)
            return True
        except _PASSING:
            continue
        except psycopg2.Error:
            return False
    return False
