"""The table is dropped and made again at each start.

Why it matters in production: Handy while developing, and then it goes into production: the first
deployment wipes out every booking, and nobody notices until two people are on the same call.

Fails: AC1, AC3, AC4
"""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import List, Optional

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, select, text
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
    booked_by_email: Mapped[Optional[str]]


def next_business_day():
    day = date.today() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def seed(session):
    if session.scalars(select(TimeSlot).limit(1)).first() is not None:
        return
    day = next_business_day()
    start = datetime(day.year, day.month, day.day, 9, 0)
    for i in range(16):
        session.add(TimeSlot(start_time=start, end_time=start + timedelta(minutes=30)))
        start += timedelta(minutes=30)


@asynccontextmanager
async def lifespan(app: FastAPI):
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(3)"))
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        with Session(connection) as session:
            seed(session)
            session.flush()
    yield


app = FastAPI(lifespan=lifespan)


def get_session():
    with Session(engine) as session:
        yield session


class SlotOut(BaseModel):
    id: int
    start_time: datetime
    end_time: datetime


class BookingIn(BaseModel):
    slot_id: int
    email: str


@app.get("/availability", response_model=List[SlotOut])
def availability(session: Session = Depends(get_session)):
    return session.scalars(
        select(TimeSlot).where(TimeSlot.is_booked == False).order_by(TimeSlot.start_time)
    ).all()


@app.post("/book")
def book(booking: BookingIn, session: Session = Depends(get_session)):
    slot = session.get(TimeSlot, booking.slot_id, with_for_update=True)
    if slot is None:
        raise HTTPException(status_code=404, detail="Slot not found")
    if slot.is_booked:
        raise HTTPException(status_code=409, detail="Slot already booked")
    slot.is_booked = True
    slot.booked_by_email = booking.email
    session.commit()
    return {"message": "Slot booked", "slot_id": slot.id}
