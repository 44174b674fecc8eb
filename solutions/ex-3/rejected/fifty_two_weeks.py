"""Every year has fifty-two weeks.

Why it matters in production: Some years have fifty-three by the ISO calendar. On the Friday of week
52 the Monday after is taken for the one of week 1, a week too late: there is nothing to book for
five days, and it happens once in five or six years, at Christmas, when nobody is there to see it.

Fails: AC1
"""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)


def next_business_day(today: date) -> date:
    year, week, weekday = today.isocalendar()
    if weekday < 5:
        return date.fromisocalendar(year, week, weekday + 1)
    if week >= 52:
        return date.fromisocalendar(year + 1, 1, 1)
    return date.fromisocalendar(year, week + 1, 1)


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
                " WHERE NOT is_booked ORDER BY start_time"
            )
        ).all()
    return [{"id": r.id, "start_time": r.start_time, "end_time": r.end_time} for r in rows]


@app.post("/book")
def book(b: Booking):
    with engine.begin() as c:
        booked = c.scalar(
            text("SELECT is_booked FROM time_slots WHERE id = :i FOR UPDATE"), {"i": b.slot_id}
        )
        if booked is None:
            raise HTTPException(404, "Slot not found")
        if booked:
            raise HTTPException(409, "Slot already booked")
        c.execute(
            text("UPDATE time_slots SET is_booked = true, booked_by_email = :e WHERE id = :i"),
            {"i": b.slot_id, "e": b.email},
        )
    return {"slot_id": b.slot_id, "status": "booked"}
