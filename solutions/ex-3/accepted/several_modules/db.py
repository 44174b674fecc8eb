"""The connection pool and the table."""

import os
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import psycopg2
from psycopg2 import pool

_pool = pool.ThreadedConnectionPool(0, 40, os.environ["DATABASE_URL"].replace("+psycopg2", ""))


@contextmanager
def transaction():
    """A cursor in a transaction of its own, on a connection that lives."""
    connection = _living()
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        _pool.putconn(connection, close=connection.closed)


def _living():
    while True:
        connection = _pool.getconn()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return connection
        except psycopg2.OperationalError:
            _pool.putconn(connection, close=True)


def prepare():
    """Make and fill the table."""
    with transaction() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(31)")
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS time_slots (id int PRIMARY KEY, start_time timestamp,"
            " end_time timestamp, is_booked bool DEFAULT false, booked_by_email varchar)"
        )
        cursor.execute("SELECT 1 FROM time_slots LIMIT 1")
        if cursor.fetchone():
            return
        day = date.today() + timedelta(1)
        while day.isoweekday() > 5:
            day += timedelta(1)
        for number in range(16):
            start = datetime.combine(day, time(9)) + timedelta(hours=number / 2)
            cursor.execute(
                "INSERT INTO time_slots VALUES (%s, %s, %s)",
                (number + 1, start, start + timedelta(hours=0.5)),
            )
