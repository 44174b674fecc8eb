"""psycopg2 alone: SQL by hand, a generated identity, times with a zone, no pool.

Stretch: WORKERS, RECONNECT
"""

import os
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta, timezone

import psycopg2
import psycopg2.extras
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

DSN = os.environ["DATABASE_URL"].replace("+psycopg2", "")

SCHEMA = """
CREATE TABLE IF NOT EXISTS time_slots (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    start_time timestamptz NOT NULL UNIQUE,
    end_time timestamptz NOT NULL,
    is_booked boolean NOT NULL DEFAULT false,
    booked_by_email varchar(254),
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (end_time > start_time),
    CHECK (is_booked = (booked_by_email IS NOT NULL))
)
"""


def connect():
    return closing(psycopg2.connect(DSN, cursor_factory=psycopg2.extras.RealDictCursor))


def seed(cursor):
    day = datetime.now(timezone.utc).replace(hour=9, minute=0, second=0, microsecond=0)
    day += timedelta(days=1)
    while day.isoweekday() in (6, 7):
        day += timedelta(days=1)
    starts = [day + timedelta(minutes=30 * n) for n in range(16)]
    psycopg2.extras.execute_values(
        cursor,
        "INSERT INTO time_slots (start_time, end_time) VALUES %s",
        [(start, start + timedelta(minutes=30)) for start in starts],
    )


@asynccontextmanager
async def lifespan(app):
    with connect() as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('time_slots'))")
        cursor.execute(SCHEMA)
        cursor.execute("SELECT count(*) AS n FROM time_slots")
        if cursor.fetchone()["n"] == 0:
            seed(cursor)
    yield


app = FastAPI(lifespan=lifespan)


class BookingIn(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def get_availability():
    with connect() as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, start_time, end_time FROM time_slots WHERE NOT is_booked"
            " ORDER BY start_time"
        )
        return cursor.fetchall()


@app.post("/book")
def post_book(body: BookingIn):
    with connect() as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE time_slots SET is_booked = true, booked_by_email = %s"
            " WHERE id = %s AND NOT is_booked RETURNING id, start_time, end_time",
            (body.email, body.slot_id),
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute("SELECT 1 FROM time_slots WHERE id = %s", (body.slot_id,))
            raise HTTPException(409 if cursor.fetchone() else 404)
        return {**row, "booked_by": body.email}
