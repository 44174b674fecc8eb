"""The two endpoints."""

from db import transaction
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter()


class Wish(BaseModel):
    slot_id: int
    email: str


@router.get("/availability")
def availability():
    with transaction() as cursor:
        cursor.execute(
            "SELECT id, start_time, end_time FROM time_slots WHERE is_booked IS NOT TRUE ORDER BY 2"
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor]


@router.post("/book")
def book(wish: Wish):
    with transaction() as cursor:
        cursor.execute("SELECT is_booked FROM time_slots WHERE id = %s FOR UPDATE", (wish.slot_id,))
        found = cursor.fetchone()
        if found is None:
            raise HTTPException(404, f"slot {wish.slot_id} does not exist")
        if found[0]:
            raise HTTPException(409, f"slot {wish.slot_id} is booked")
        cursor.execute(
            "UPDATE time_slots SET is_booked = true, booked_by_email = %s WHERE id = %s",
            (wish.email, wish.slot_id),
        )
    return {"slot_id": wish.slot_id, "email": wish.email}
