"""async def endpoints that hand the blocking work to threads; the row is locked.

Stretch: WORKERS, RECONNECT
"""

import os
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Optional

from fastapi import FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True, pool_size=3, max_overflow=4)


class Base(DeclarativeBase):
    pass


class Slot(Base):
    __tablename__ = "time_slots"
    id: Mapped[int] = mapped_column(primary_key=True)
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    is_booked: Mapped[bool] = mapped_column(default=False)
    booked_by_email: Mapped[Optional[str]]


def prepare() -> None:
    with Session(engine) as session, session.begin():
        session.execute(text("SELECT pg_advisory_xact_lock(1)"))
        Base.metadata.create_all(session.connection())
        if session.scalar(select(func.count(Slot.id))):
            return
        start = datetime.now().replace(hour=9, minute=0, second=0, microsecond=0)
        start += timedelta(days=1)
        if start.weekday() >= 5:
            start += timedelta(days=7 - start.weekday())
        for _ in range(16):
            end = start + timedelta(minutes=30)
            session.add(Slot(start_time=start, end_time=end))
            start = end


@asynccontextmanager
async def lifespan(app: FastAPI):
    await run_in_threadpool(prepare)
    yield


app = FastAPI(lifespan=lifespan)


class Booking(BaseModel):
    slot_id: int
    email: str


class AlreadyBooked(Exception):
    pass


class NoSuchSlot(Exception):
    pass


def read_free():
    with Session(engine) as session:
        slots = session.scalars(select(Slot).where(~Slot.is_booked).order_by(Slot.start_time)).all()
        return [
            {"id": s.id, "start_time": s.start_time.isoformat(), "end_time": s.end_time.isoformat()}
            for s in slots
        ]


def claim(slot_id: int, email: str) -> None:
    with Session(engine) as session, session.begin():
        slot = session.scalars(
            select(Slot).where(Slot.id == slot_id).with_for_update()
        ).one_or_none()
        if slot is None:
            raise NoSuchSlot
        if slot.is_booked:
            raise AlreadyBooked
        slot.is_booked, slot.booked_by_email = True, email


@app.get("/availability")
async def availability():
    return await run_in_threadpool(read_free)


@app.post("/book")
async def book(booking: Booking):
    try:
        await run_in_threadpool(claim, booking.slot_id, booking.email)
    except NoSuchSlot:
        raise HTTPException(404, "no such slot")
    except AlreadyBooked:
        raise HTTPException(409, "already booked")
    return ["booked", booking.slot_id]
