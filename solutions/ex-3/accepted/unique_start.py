"""No lock at the start: a unique start time, and what is there already is skipped.

Stretch: WORKERS, RECONNECT
"""

import os
import time
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import Boolean, Column, DateTime, Integer, String, create_engine, func, inspect
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, declarative_base, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
SessionLocal = sessionmaker(bind=engine, autoflush=False)
Base = declarative_base()


class TimeSlot(Base):
    __tablename__ = "time_slots"
    id = Column(Integer, primary_key=True, index=True)
    start_time = Column(DateTime(timezone=True), nullable=False, unique=True)
    end_time = Column(DateTime(timezone=True), nullable=False)
    is_booked = Column(Boolean, default=False, nullable=False)
    booked_by_email = Column(String, nullable=True)


def create_table():
    # Another process may be making it at this moment: then it is there a moment later.
    for _ in range(20):
        try:
            return Base.metadata.create_all(engine)
        except DBAPIError:
            if inspect(engine).has_table("time_slots"):
                return None
            time.sleep(0.05)


def seed(session):
    if session.query(func.count(TimeSlot.id)).scalar():
        return
    day = datetime.today() + timedelta(days=1)
    while day.strftime("%a") in ("Sat", "Sun"):
        day += timedelta(days=1)
    first = day.replace(hour=9, minute=0, second=0, microsecond=0)
    rows = []
    for i in range(16):
        begin = first + timedelta(minutes=30 * i)
        rows.append({"start_time": begin, "end_time": begin + timedelta(minutes=30)})
    session.execute(insert(TimeSlot).values(rows).on_conflict_do_nothing())
    session.commit()


@asynccontextmanager
async def lifespan(app: FastAPI):
    create_table()
    with SessionLocal() as session:
        seed(session)
    yield


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


app = FastAPI(lifespan=lifespan)


class BookRequest(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def availability(db: Session = Depends(get_db)):
    slots = db.query(TimeSlot).filter(TimeSlot.is_booked == False).order_by(TimeSlot.start_time)  # noqa: E712
    return [{"id": s.id, "start_time": s.start_time, "end_time": s.end_time} for s in slots]


@app.post("/book")
def book(request: BookRequest, db: Session = Depends(get_db)):
    changed = (
        db.query(TimeSlot)
        .filter(TimeSlot.id == request.slot_id, TimeSlot.is_booked.is_(False))
        .update({"is_booked": True, "booked_by_email": request.email})
    )
    db.commit()
    if changed == 1:
        return {"detail": "Booked"}
    if db.get(TimeSlot, request.slot_id) is None:
        raise HTTPException(status_code=404, detail="Slot not found")
    raise HTTPException(status_code=409, detail="Slot already booked")
