"""A slot counts as free when no address is in its row.

Why it matters in production: somebody blocks a slot by hand for a dentist's appointment, with no
address. It is offered all day, and everybody who takes it is told that it is gone.

Fails: AC2
"""

import os
from contextlib import asynccontextmanager
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
                " WHERE booked_by_email IS NULL ORDER BY start_time"
            )
        ).all()
    return [{"id": r.id, "start_time": r.start_time, "end_time": r.end_time} for r in rows]


@app.post("/book")
def book(b: Booking):
    with engine.begin() as c:
        booked = c.scalar(
            text(
                "UPDATE time_slots SET is_booked = true, booked_by_email = :e"
                " WHERE id = :i AND NOT is_booked RETURNING id"
            ),
            {"i": b.slot_id, "e": b.email},
        )
        if booked is None:
            if c.scalar(text("SELECT id FROM time_slots WHERE id = :i"), {"i": b.slot_id}) is None:
                raise HTTPException(404, "Slot not found")
            raise HTTPException(409, "Slot already booked")
    return {"slot_id": b.slot_id, "status": "booked"}
