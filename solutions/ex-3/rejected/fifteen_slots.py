"""The last slot of the day is missing.

Why it matters in production: An off-by-one in a loop that nobody counts: the service works, and
one sixteenth of what it could sell is never on offer.

Fails: AC1
"""

import os
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import psycopg2
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

DSN = os.getenv("DATABASE_URL", "").replace("postgresql+psycopg2://", "postgresql://")


@contextmanager
def get_cursor():
    conn = psycopg2.connect(DSN)
    try:
        with conn:
            with conn.cursor() as cur:
                yield cur
    finally:
        conn.close()


def create_and_seed():
    with get_cursor() as cur:
        cur.execute("SELECT pg_advisory_xact_lock(99)")
        cur.execute(
            "CREATE TABLE IF NOT EXISTS time_slots (id SERIAL PRIMARY KEY, start_time TIMESTAMP,"
            " end_time TIMESTAMP, is_booked BOOLEAN DEFAULT FALSE, booked_by_email VARCHAR)"
        )
        cur.execute("SELECT COUNT(*) FROM time_slots")
        (count,) = cur.fetchone()
        if count == 0:
            day = date.today() + timedelta(days=1)
            while day.weekday() > 4:
                day += timedelta(days=1)
            opening = datetime.combine(day, time(9))
            half_hours = [opening + timedelta(minutes=30) * n for n in range(0, 16)]
            for begin, end in zip(half_hours, half_hours[1:]):
                cur.execute("INSERT INTO time_slots (start_time, end_time) VALUES (%s, %s)", (begin, end))


app = FastAPI()
create_and_seed()


class Booking(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def availability():
    with get_cursor() as cur:
        cur.execute(
            "SELECT id, start_time, end_time FROM time_slots WHERE NOT is_booked ORDER BY start_time"
        )
        return [
            {"id": slot_id, "start_time": start.isoformat(), "end_time": end.isoformat()}
            for slot_id, start, end in cur.fetchall()
        ]


@app.post("/book")
def book(booking: Booking):
    with get_cursor() as cur:
        cur.execute("SELECT is_booked FROM time_slots WHERE id = %s FOR UPDATE", [booking.slot_id])
        slot = cur.fetchone()
        if slot is None:
            raise HTTPException(404, "no such slot")
        if slot[0]:
            raise HTTPException(409, "taken")
        cur.execute(
            "UPDATE time_slots SET is_booked = TRUE, booked_by_email = %s WHERE id = %s",
            [booking.email, booking.slot_id],
        )
    return {"ok": True}
