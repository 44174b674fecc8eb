"""async def over plain psycopg2: each request blocks the loop, so one process does one at a time.

Stretch:
"""

import os
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import psycopg2
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, EmailStr

parts = urlsplit(os.environ["DATABASE_URL"])
connection = psycopg2.connect(
    host=parts.hostname,
    port=parts.port,
    user=parts.username,
    password=parts.password,
    dbname=parts.path.lstrip("/"),
)
connection.autocommit = True

cursor = connection.cursor()
cursor.execute(
    """CREATE TABLE IF NOT EXISTS time_slots (
        id SERIAL PRIMARY KEY, start_time TIMESTAMP NOT NULL, end_time TIMESTAMP NOT NULL,
        is_booked BOOLEAN DEFAULT FALSE, booked_by_email VARCHAR(100))"""
)
cursor.execute("SELECT COUNT(*) FROM time_slots")
if cursor.fetchone()[0] == 0:
    now = datetime.now()
    day = now + timedelta(days=3 if now.weekday() == 4 else 2 if now.weekday() == 5 else 1)
    for half_hour in range(18, 34):
        begin = day.replace(hour=half_hour // 2, minute=half_hour % 2 * 30, second=0, microsecond=0)
        cursor.execute(
            "INSERT INTO time_slots (start_time, end_time) VALUES (%s, %s)",
            (begin, begin + timedelta(minutes=30)),
        )

app = FastAPI()


class Book(BaseModel):
    slot_id: int
    email: EmailStr


@app.get("/availability")
async def availability():
    cursor.execute(
        "SELECT id, start_time, end_time FROM time_slots WHERE NOT is_booked ORDER BY start_time"
    )
    return [{"id": i, "start_time": s, "end_time": e} for i, s, e in cursor.fetchall()]


@app.post("/book")
async def book(item: Book):
    cursor.execute("SELECT is_booked FROM time_slots WHERE id = %s", (item.slot_id,))
    row = cursor.fetchone()
    if not row:
        raise HTTPException(status_code=404, detail="Slot does not exist")
    if row[0]:
        raise HTTPException(status_code=409, detail="Slot already booked")
    cursor.execute(
        "UPDATE time_slots SET is_booked = TRUE, booked_by_email = %s WHERE id = %s",
        (item.email, item.slot_id),
    )
    return {"message": "Booked", "slot_id": item.slot_id}
