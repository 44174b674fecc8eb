"""psycopg2: a function in the database looks under a lock, writes, and says which status it is.

Stretch: WORKERS, RECONNECT
"""

import os
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta

import psycopg2
from fastapi import FastAPI, HTTPException
from psycopg2.extras import RealDictCursor
from pydantic import BaseModel

DSN = os.environ["DATABASE_URL"].replace("+psycopg2", "", 1)

SCHEMA = """
SELECT pg_advisory_xact_lock(hashtext('time_slots'));

CREATE TABLE IF NOT EXISTS time_slots (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    start_time timestamptz NOT NULL UNIQUE,
    end_time timestamptz NOT NULL CHECK (end_time > start_time),
    is_booked boolean NOT NULL DEFAULT false,
    booked_by_email varchar(320)
);

CREATE OR REPLACE FUNCTION book_slot(wanted integer, guest text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    taken boolean;
BEGIN
    SELECT is_booked INTO taken FROM time_slots WHERE id = wanted FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 404;
    ELSIF taken THEN
        RETURN 409;
    END IF;
    UPDATE time_slots SET is_booked = true, booked_by_email = guest WHERE id = wanted;
    RETURN 200;
END
$$;
"""


@contextmanager
def cursor():
    with closing(psycopg2.connect(DSN)) as connection, connection:
        with connection.cursor(cursor_factory=RealDictCursor) as opened:
            yield opened


def seed():
    with cursor() as cur:
        cur.execute(SCHEMA)
        cur.execute("SELECT 1 FROM time_slots LIMIT 1")
        if cur.fetchone():
            return
        day = date.today() + timedelta(days=1)
        while day.isoweekday() > 5:
            day += timedelta(days=1)
        nine = datetime.combine(day, time(9)).astimezone()
        half = timedelta(minutes=30)
        for n in range(16):
            cur.execute(
                "INSERT INTO time_slots (start_time, end_time) VALUES (%s, %s)",
                (nine + n * half, nine + (n + 1) * half),
            )


seed()
app = FastAPI()


class Booking(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def availability():
    with cursor() as cur:
        cur.execute(
            "SELECT id, start_time, end_time FROM time_slots"
            " WHERE NOT is_booked ORDER BY start_time"
        )
        return cur.fetchall()


@app.post("/book")
def book(booking: Booking):
    with cursor() as cur:
        cur.execute("SELECT book_slot(%s, %s) AS status", (booking.slot_id, booking.email))
        status = cur.fetchone()["status"]
    if status == 404:
        raise HTTPException(404, "There is no such slot")
    if status == 409:
        raise HTTPException(409, "This slot is booked")
    return {"booked": booking.slot_id}
