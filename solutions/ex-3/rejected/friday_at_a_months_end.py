"""From a Friday it is three days further in the same month.

Why it matters in production: The day of the month is a number, and adding to it works four weeks in a row. On
a Friday the 31st there is no 34th, the service does not start, and it is nobody's change of that day.

Fails: AC1
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
        if conn.execute(text("SELECT COUNT(*) FROM time_slots")).scalar() == 0:
            day = datetime.now().replace(hour=9, minute=0, second=0, microsecond=0)
            if day.weekday() == 4:
                day = day.replace(day=day.day + 3)
            elif day.weekday() == 5:
                day += timedelta(days=2)
            else:
                day += timedelta(days=1)
            for i in range(16):
                conn.execute(
                    text("INSERT INTO time_slots (start_time, end_time) VALUES (:s, :e)"),
                    {"s": day + timedelta(minutes=30 * i), "e": day + timedelta(minutes=30 * (i + 1))},
                )


init_db()


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
    with engine.begin() as conn:
        row = conn.execute(
            text("SELECT is_booked FROM time_slots WHERE id = :id FOR UPDATE"), {"id": req.slot_id}
        ).fetchone()
        if not row:
            raise HTTPException(404, "Slot not found")
        if row.is_booked:
            raise HTTPException(409, "Slot already booked")
        conn.execute(
            text("UPDATE time_slots SET is_booked = TRUE, booked_by_email = :email WHERE id = :id"),
            {"email": req.email, "id": req.slot_id},
        )
    return {"status": "success", "slot_id": req.slot_id}
