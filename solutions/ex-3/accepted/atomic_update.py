"""Core: one UPDATE that looks and writes; whoever changes no row has lost.

Stretch: WORKERS, RECONNECT
"""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    exists,
    func,
    select,
    text,
    update,
)

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
metadata = MetaData()
time_slots = Table(
    "time_slots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("start_time", DateTime, nullable=False),
    Column("end_time", DateTime, nullable=False),
    Column("is_booked", Boolean, nullable=False, server_default=text("false")),
    Column("booked_by_email", String(255)),
)


def business_day_after(day: date) -> date:
    # Friday, Saturday and Sunday lead to Monday.
    return day + timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))


@asynccontextmanager
async def lifespan(_: FastAPI):
    with engine.begin() as conn:
        conn.execute(select(func.pg_advisory_xact_lock(20260103)))
        metadata.create_all(conn)
        if not conn.execute(select(exists().select_from(time_slots))).scalar():
            day = business_day_after(date.today())
            nine = datetime(day.year, day.month, day.day, 9)
            half = timedelta(minutes=30)
            conn.execute(
                time_slots.insert(),
                [
                    {"start_time": nine + i * half, "end_time": nine + (i + 1) * half}
                    for i in range(16)
                ],
            )
    yield


app = FastAPI(lifespan=lifespan)


class Booking(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def availability():
    query = (
        select(time_slots.c.id, time_slots.c.start_time, time_slots.c.end_time)
        .where(time_slots.c.is_booked.is_(False))
        .order_by(time_slots.c.start_time)
    )
    with engine.connect() as conn:
        return [dict(row) for row in conn.execute(query).mappings()]


@app.post("/book")
def book(booking: Booking):
    claim = (
        update(time_slots)
        .where(time_slots.c.id == booking.slot_id, time_slots.c.is_booked.is_(False))
        .values(is_booked=True, booked_by_email=booking.email)
        .returning(time_slots.c.start_time)
    )
    with engine.begin() as conn:
        claimed = conn.execute(claim).first()
        if claimed is None:
            known = conn.execute(select(time_slots.c.id).where(time_slots.c.id == booking.slot_id))
            if known.first() is None:
                raise HTTPException(404, "There is no such slot")
            raise HTTPException(409, "Somebody was quicker")
    return {"message": "booked", "start_time": claimed.start_time}
