"""The number of the advisory lock is the built-in hash of a text.

Why it matters in production: hash() of a text has a salt of its own in every process (PYTHONHASHSEED). Two
workers lock two different numbers for the same slot, and both book it.

Fails: WORKERS
"""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import List, Optional

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import String, create_engine, select, text
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
        # Held until the transaction ends; other slots have other numbers.
        number = hash(f"slot-{body.slot_id}")
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        slot = session.query(TimeSlot).filter_by(id=body.slot_id).one_or_none()
        if slot is None:
            raise HTTPException(status_code=404, detail="No such slot")
        if slot.is_booked:
            raise HTTPException(status_code=409, detail="Already booked")
        slot.is_booked = True
        slot.booked_by_email = body.email
        session.commit()
        return {"status": "ok", "slot": body.slot_id}
