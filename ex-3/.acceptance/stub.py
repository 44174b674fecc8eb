"""PROJ-103: show the free time slots of the next business day, and book one."""

import os

from fastapi import FastAPI, HTTPException

# postgresql+psycopg2://user:password@host:port/database
DATABASE_URL = os.environ.get("DATABASE_URL", "")

# TODO 1: an engine for DATABASE_URL, and the table `time_slots`: id, start_time, end_time,
#         is_booked, booked_by_email.

# TODO 2: at start-up (FastAPI's `lifespan`) create the table when it is not there and, when it is
#         empty, seed sixteen slots of 30 minutes for the next business day, 09:00 to 17:00.

app = FastAPI(title="Meeting scheduler")


@app.get("/availability")
def availability() -> list:
    """The free slots, in order of start."""
    # TODO 3: read them from the database.
    raise HTTPException(status_code=501, detail="GET /availability is not written yet")


# TODO 4: a model for the body of a booking: `slot_id` (an integer) and `email` (a string).


@app.post("/book")
def book() -> dict:
    """Book a free slot."""
    # TODO 5: 404 when there is no such slot, 409 when it is booked, else book it and confirm.
    # TODO 6: what if two requests for the same slot come at the same moment?
    raise HTTPException(status_code=501, detail="POST /book is not written yet")
