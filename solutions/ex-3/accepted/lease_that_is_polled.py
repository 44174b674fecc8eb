"""A lease in a table of its own, asked for again every 25 ms by those who wait.

It is committed before the booking and deleted after; one older than 30 seconds may be taken over.

Stretch: WORKERS, RECONNECT
"""

import os
import time as clock
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime, time, timedelta

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)


def next_business_day(today: date) -> date:
    day = today + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def create_table(c):
    c.execute(
        text("""CREATE TABLE IF NOT EXISTS time_slots (
        id serial PRIMARY KEY, start_time timestamp NOT NULL, end_time timestamp NOT NULL,
        is_booked boolean NOT NULL DEFAULT false, booked_by_email varchar)""")
    )


def seed(c):
    nine = datetime.combine(next_business_day(date.today()), time(9))
    half = timedelta(minutes=30)
    c.execute(
        text("INSERT INTO time_slots (start_time, end_time) VALUES (:s, :e)"),
        [{"s": nine + n * half, "e": nine + (n + 1) * half} for n in range(16)],
    )


@asynccontextmanager
async def lifespan(_):
    with engine.begin() as c:
        c.execute(text("SELECT pg_advisory_xact_lock(103)"))
        create_table(c)
        c.execute(
            text(
                "CREATE TABLE IF NOT EXISTS locks (name varchar PRIMARY KEY,"
                " taken_at timestamptz NOT NULL DEFAULT now())"
            )
        )
        if c.scalar(text("SELECT count(*) FROM time_slots")) == 0:
            seed(c)
    yield


app = FastAPI(lifespan=lifespan)


class Booking(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def availability():
    with engine.connect() as c:
        rows = c.execute(
            text(
                "SELECT id, start_time, end_time FROM time_slots"
                " WHERE NOT is_booked ORDER BY start_time"
            )
        ).all()
    return [{"id": r.id, "start_time": r.start_time, "end_time": r.end_time} for r in rows]


@contextmanager
def lease(name: str):
    while True:
        with engine.begin() as c:
            c.execute(
                text(
                    "DELETE FROM locks WHERE name = :n"
                    " AND taken_at < clock_timestamp() - interval '30 seconds'"
                ),
                {"n": name},
            )
            if c.execute(
                text("INSERT INTO locks (name) VALUES (:n) ON CONFLICT DO NOTHING"), {"n": name}
            ).rowcount:
                break
        clock.sleep(0.025)
    try:
        yield
    finally:
        with engine.begin() as c:
            c.execute(text("DELETE FROM locks WHERE name = :n"), {"n": name})


@app.post("/book")
def book(b: Booking):
    with lease(f"slot {b.slot_id}"), engine.begin() as c:
        booked = c.scalar(text("SELECT is_booked FROM time_slots WHERE id = :i"), {"i": b.slot_id})
        if booked is None:
            raise HTTPException(404, "Slot not found")
        if booked:
            raise HTTPException(409, "Slot already booked")
        c.execute(
            text("UPDATE time_slots SET is_booked = true, booked_by_email = :e WHERE id = :i"),
            {"i": b.slot_id, "e": b.email},
        )
    return {"slot_id": b.slot_id, "status": "booked"}
