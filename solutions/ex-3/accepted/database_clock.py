"""All in SQL: the database's own day, a generated series of slots, no connection pool.

Stretch: WORKERS, RECONNECT
"""

import os
from contextlib import asynccontextmanager

from fastapi import Body, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from typing_extensions import Annotated

engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)

CREATE = """
CREATE TABLE IF NOT EXISTS time_slots (
    id bigserial PRIMARY KEY,
    start_time timestamp NOT NULL,
    end_time timestamp NOT NULL,
    is_booked boolean NOT NULL DEFAULT false,
    booked_by_email varchar
);
"""

SEED = """
INSERT INTO time_slots (start_time, end_time)
SELECT s, s + interval '30 minutes'
FROM generate_series(:day + time '09:00', :day + time '16:30', interval '30 minutes') AS s
"""

NEXT_DAY = """
SELECT CURRENT_DATE + CASE extract(isodow FROM CURRENT_DATE)
    WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END::integer
"""


@asynccontextmanager
async def lifespan(app: FastAPI):
    with engine.begin() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        db.execute(text(CREATE))
        if db.execute(text("SELECT NOT EXISTS (SELECT FROM time_slots)")).scalar_one():
            db.execute(text(SEED), {"day": db.execute(text(NEXT_DAY)).scalar_one()})
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/availability")
def availability():
    with engine.connect() as db:
        free = db.execute(
            text(
                "SELECT id, to_char(start_time, :iso) AS start_time, to_char(end_time, :iso)"
                " AS end_time FROM time_slots WHERE NOT is_booked ORDER BY time_slots.start_time"
            ),
            {"iso": 'YYYY-MM-DD"T"HH24:MI"Z"'},
        )
        return [row._asdict() for row in free]


@app.post("/book")
def book(slot_id: Annotated[int, Body()], email: Annotated[str, Body()]):
    with engine.begin() as db:
        slot = db.execute(
            text("SELECT is_booked FROM time_slots WHERE id = :id FOR NO KEY UPDATE"),
            {"id": slot_id},
        ).one_or_none()
        if slot is None:
            raise HTTPException(404)
        if slot.is_booked:
            raise HTTPException(409)
        db.execute(
            text("UPDATE time_slots SET (is_booked, booked_by_email) = (true, :e) WHERE id = :id"),
            {"id": slot_id, "e": email},
        )
    return {"slot_id": slot_id, "email": email, "booked": True}
