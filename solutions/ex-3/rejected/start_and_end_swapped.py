"""/availability gives the end as the start, and the start as the end.

Why it matters in production: Every field is there and every value looks right, so nobody notices
until a customer calls half an hour late.

Fails: AC2
"""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Optional

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, func, select
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


class Booking(BaseModel):
    slot_id: int
    email: str


def next_business_day(today: date) -> date:
    day = today + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def set_up() -> None:
    with Session(engine) as session, session.begin():
        session.execute(select(func.pg_advisory_xact_lock(103)))
        Base.metadata.create_all(session.connection())
        if session.scalar(select(func.count()).select_from(TimeSlot)):
            return
        start = datetime.combine(next_business_day(date.today()), time(9))
        for _ in range(16):
            end = start + timedelta(minutes=30)
            session.add(TimeSlot(start_time=start, end_time=end))
            start = end


@asynccontextmanager
async def lifespan(app: FastAPI):
    set_up()
    yield
    engine.dispose()


app = FastAPI(lifespan=lifespan)


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/availability")
def availability(session: Session = Depends(get_session)):
    free = select(TimeSlot).where(TimeSlot.is_booked.is_(False)).order_by(TimeSlot.start_time)
    return [
        {"id": slot.id, "start_time": slot.end_time, "end_time": slot.start_time}
        for slot in session.scalars(free)
    ]


@app.post("/book")
def book(booking: Booking, session: Session = Depends(get_session)):
    slot = session.get(TimeSlot, booking.slot_id, with_for_update=True)
    if slot is None:
        raise HTTPException(status_code=404, detail="Slot not found")
    if slot.is_booked:
        raise HTTPException(status_code=409, detail="Slot already booked")
    slot.is_booked = True
    slot.booked_by_email = booking.email
    session.commit()
    return {"slot_id": booking.slot_id, "status": "booked"}
