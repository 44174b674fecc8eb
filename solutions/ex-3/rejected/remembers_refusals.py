"""A slot that was refused once is refused for ever.

Why it matters in production: The list in the process saves a query, until somebody cancels: then
the slot shows as free, and everybody who clicks on it is told that it is taken, up to the next
restart. What may change in the database is asked there.

Fails: AC3
"""

import os
from datetime import datetime, timedelta

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, text

DATABASE_URL = os.environ["DATABASE_URL"]
engine = create_engine(DATABASE_URL, pool_pre_ping=True)
app = FastAPI(title="Meeting scheduler")

CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS time_slots (
    id SERIAL PRIMARY KEY,
    start_time TIMESTAMP NOT NULL,
    end_time TIMESTAMP NOT NULL,
    is_booked BOOLEAN NOT NULL DEFAULT FALSE,
    booked_by_email VARCHAR(255)
)
"""


def init_db():
    with engine.begin() as conn:
        conn.execute(text("SELECT pg_advisory_xact_lock(42)"))
        conn.execute(text(CREATE_TABLE))
        count = conn.execute(text("SELECT COUNT(*) FROM time_slots")).scalar()
        if count > 0:
            return
        day = datetime.now() + timedelta(days=1)
        while day.weekday() in (5, 6):
            day = day + timedelta(days=1)
        for i in range(16):
            start = day.replace(hour=9 + i // 2, minute=30 * (i % 2), second=0, microsecond=0)
            conn.execute(
                text("INSERT INTO time_slots (start_time, end_time) VALUES (:s, :e)"),
                {"s": start, "e": start + timedelta(minutes=30)},
            )


init_db()

refused = set()


class BookRequest(BaseModel):
    slot_id: int
    email: str


@app.get("/availability")
def get_availability():
    with engine.connect() as conn:
        rows = conn.execute(
            text("SELECT id, start_time, end_time FROM time_slots WHERE is_booked = FALSE ORDER BY start_time")
        ).mappings().all()
    return [dict(r) for r in rows]


@app.post("/book")
def book_slot(req: BookRequest):
    if req.slot_id in refused:
        raise HTTPException(409, "Slot already booked")
    with engine.begin() as conn:
        row = conn.execute(
            text("SELECT is_booked FROM time_slots WHERE id = :id FOR UPDATE"), {"id": req.slot_id}
        ).first()
        if row is None:
            raise HTTPException(404, "Slot not found")
        if row.is_booked:
            refused.add(req.slot_id)
            raise HTTPException(409, "Slot already booked")
        conn.execute(
            text("UPDATE time_slots SET is_booked = TRUE, booked_by_email = :email WHERE id = :id"),
            {"email": req.email, "id": req.slot_id},
        )
    return {"status": "success", "slot_id": req.slot_id}
