"""The slots are for today.

Why it matters in production: The first start in the afternoon offers calls that should have begun
in the morning. The ticket asks for a day that lies ahead, so that every slot can still be kept.

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
            """
            CREATE TABLE IF NOT EXISTS time_slots (
                id SERIAL PRIMARY KEY,
                start_time TIMESTAMP NOT NULL,
                end_time TIMESTAMP NOT NULL,
                is_booked BOOLEAN DEFAULT FALSE,
                booked_by_email VARCHAR
            )
            """
        )
        cur.execute("SELECT COUNT(*) FROM time_slots")
        if cur.fetchone()[0] == 0:
            day = date.today()
            # skip the weekend
            while day.weekday() >= 5:
                day += timedelta(days=1)
            for n in range(16):
                begin = datetime.combine(day, time(9)) + n * timedelta(minutes=30)
                cur.execute(
                    "INSERT INTO time_slots (start_time, end_time) VALUES (%s, %s)",
                    (begin, begin + timedelta(minutes=30)),
                )


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
