"""A second table of bookings, with a unique constraint that settles who was first.

Stretch: WORKERS, RECONNECT
"""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import List, Optional

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import ForeignKey, String, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)


class Base(DeclarativeBase):
    pass


class TimeSlot(Base):
    __tablename__ = "time_slots"

    id: Mapped[int] = mapped_column(primary_key=True)
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    is_booked: Mapped[bool] = mapped_column(default=False)
    booked_by_email: Mapped[Optional[str]] = mapped_column(String(255))


class Booking(Base):
    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(
        ForeignKey("time_slots.id", ondelete="CASCADE"), unique=True
    )
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def next_business_day() -> date:
    day = date.today() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


@asynccontextmanager
async def lifespan(app: FastAPI):
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(7)"))
        Base.metadata.create_all(connection)
        session = Session(bind=connection)
        if session.query(TimeSlot).first() is None:
            start = datetime.combine(next_business_day(), time(9))
            for n in range(16):
                begin = start + n * timedelta(minutes=30)
                session.add(TimeSlot(start_time=begin, end_time=begin + timedelta(minutes=30)))
            session.flush()
    yield


app = FastAPI(title="Scheduler", lifespan=lifespan)


class SlotOut(BaseModel):
    id: int
    start_time: datetime
    end_time: datetime


class BookingIn(BaseModel):
    slot_id: int
    email: str


@app.get("/availability", response_model=List[SlotOut])
def availability():
    with Session(engine) as session:
        return session.scalars(
            select(TimeSlot).where(TimeSlot.is_booked.is_(False)).order_by(TimeSlot.start_time)
        ).all()


@app.post("/book")
def book(body: BookingIn):
    with Session(engine) as session:
        slot = session.get(TimeSlot, body.slot_id)
        if slot is None:
            raise HTTPException(404, "No such slot")
        if slot.is_booked:
            raise HTTPException(409, "Booked")
        session.add(Booking(slot_id=body.slot_id, email=body.email))
        slot.is_booked = True
        slot.booked_by_email = body.email
        try:
            session.commit()
        except IntegrityError:
            session.rollback()
            raise HTTPException(409, "Booked meanwhile")
    return {"confirmation": f"slot {body.slot_id} is yours"}
