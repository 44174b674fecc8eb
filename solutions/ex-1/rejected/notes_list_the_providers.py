"""The note on the e-mail lists all the providers.

Whoever reads "no gmail.com, yahoo.com or outlook.com" still has to look up which of them it was,
and so does every report that counts the reasons.

Fails: NOTES
"""

import uuid
from typing import List, Literal

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field

app = FastAPI()


class LeadCreate(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: int = Field(..., gt=0, strict=True)


class LeadRead(LeadCreate):
    lead_id: uuid.UUID
    status: Literal["Qualified", "Unqualified"]
    qualification_notes: List[str] = []


@app.post("/leads", response_model=LeadRead, status_code=201)
async def create_lead(data: LeadCreate):
    notes: List[str] = []

    if not data.company_size > 10:
        notes.append(f"company_size is {data.company_size}, must be more than 10")
    if data.role.lower() not in ("ceo", "cto", "founder", "vp of engineering"):
        notes.append(f"role is {data.role}, must be CEO, CTO, Founder or VP of Engineering")
    if data.email.split("@")[-1].lower() in ("gmail.com", "yahoo.com", "outlook.com"):
        notes.append("email must not be from gmail.com, yahoo.com or outlook.com")

    return LeadRead(
        **data.model_dump(),
        lead_id=uuid.uuid4(),
        status="Unqualified" if notes else "Qualified",
        qualification_notes=notes,
    )
