"""Answers and documents application/hal+json; the status is documented by a pattern.

Stretch: NOTES, OPENAPI
"""

from typing import List
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, EmailStr, Field, StrictInt

app = FastAPI()

ROLES = {"ceo", "cto", "founder", "vp of engineering"}
FREE = {"gmail.com", "yahoo.com", "outlook.com"}


class HalResponse(JSONResponse):
    media_type = "application/hal+json"


class Lead(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: StrictInt = Field(gt=0)


class LeadOut(Lead):
    lead_id: UUID
    status: str = Field(pattern="^Qualified$|^Unqualified$")
    qualification_notes: List[str]


def notes_on(lead: Lead) -> List[str]:
    notes = []
    if lead.company_size <= 10:
        notes.append(f"Only {lead.company_size} people work there")
    if lead.role.lower() not in ROLES:
        notes.append(f"{lead.role} is no role that decides")
    domain = lead.email.split("@")[1].lower()
    if domain in FREE:
        notes.append(f"{domain} is a free provider")
    return notes


@app.post("/leads", status_code=201, response_model=LeadOut, response_class=HalResponse)
async def create_lead(lead: Lead):
    notes = notes_on(lead)
    return LeadOut(
        lead_id=uuid4(),
        status="Unqualified" if notes else "Qualified",
        qualification_notes=notes,
        **lead.model_dump(),
    )
