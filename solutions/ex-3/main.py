"""PROJ-103: show the free time slots of the next business day, and book one."""

import os
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import AsyncIterator, Dict, Iterator, List, Union

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import String, create_engine, false, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from typing_extensions import Annotated

# `pool_pre_ping` tries a pooled connection before it is used: the database may have dropped it.
engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
SessionLocal = sessionmaker(engine)

OPENS = time(9)
SLOTS = 16
SLOT_LENGTH = timedelta(minutes=30)

# Any number does, as long as all processes of the service use the same.
STARTUP_LOCK = 103


class Base(DeclarativeBase):
    """What SQLAlchemy knows of the tables."""


class TimeSlot(Base):
    """Half an hour that can be booked."""

    __tablename__ = "time_slots"

    id: Mapped[int] = mapped_column(primary_key=True)
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    is_booked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # `Union[..., None]` and not `str | None`, which Python 3.8 cannot evaluate.
    booked_by_email: Mapped[Union[str, None]] = mapped_column(String(320))


class AvailableSlot(BaseModel):
    """A free slot as clients see it."""

    id: int
    start_time: datetime
    end_time: datetime


class BookingRequest(BaseModel):
    """What a client asks for."""

    slot_id: int
    email: str


def next_business_day(today: date) -> date:
    """The first of Monday to Friday after today."""
    day = today + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def create_and_seed() -> None:
    """Make the table where it is missing, and fill it where it is empty."""
    with engine.begin() as connection:
        # Two processes may start at the same moment: the second waits here until the first commits.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STARTUP_LOCK})
        Base.metadata.create_all(connection)
        with Session(connection) as session:
            if session.scalar(select(func.count()).select_from(TimeSlot)) == 0:
                begin = datetime.combine(next_business_day(date.today()), OPENS)
                starts = [begin + number * SLOT_LENGTH for number in range(SLOTS)]
                session.add_all(
                    TimeSlot(start_time=start, end_time=start + SLOT_LENGTH) for start in starts
                )
                session.flush()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Prepare the database before the first request."""
    create_and_seed()
    yield
    engine.dispose()


app = FastAPI(title="Meeting scheduler", lifespan=lifespan)


def get_session() -> Iterator[Session]:
    """A session for one request."""
    with SessionLocal() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/availability", response_model=List[AvailableSlot])
def availability(session: SessionDep) -> List[TimeSlot]:
    """The free slots, in order of start."""
    free = select(TimeSlot).where(TimeSlot.is_booked.is_(False)).order_by(TimeSlot.start_time)
    return list(session.scalars(free))


@app.post("/book")
def book(booking: BookingRequest, session: SessionDep) -> Dict[str, Union[int, str]]:
    """Book a free slot."""
    # The row stays locked until the commit: a second request for it waits, and then sees it booked.
    slot = session.get(TimeSlot, booking.slot_id, with_for_update=True)
    if slot is None:
        raise HTTPException(status_code=404, detail="No such slot")
    if slot.is_booked:
        raise HTTPException(status_code=409, detail="Slot already booked")
    slot.is_booked = True
    slot.booked_by_email = booking.email
    session.commit()
    return {"slot_id": booking.slot_id, "status": "booked"}
