"""The note on the size is added to a list of notes that is kept in a cache.

A cache hands out the very list that it keeps. What one lead adds to it stands there for the next
lead with the same role and domain, and nobody sees it in a test that sends each lead once.

Fails: AC2
"""

from functools import lru_cache
from typing import List
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field
from typing_extensions import Literal

app = FastAPI()

roles = ["ceo", "cto", "founder", "vp of engineering"]
domains = ["gmail.com", "yahoo.com", "outlook.com"]


class Lead(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: int = Field(gt=0, strict=True)


class LeadResponse(BaseModel):
    lead_id: UUID
    status: Literal["Qualified", "Unqualified"]
    qualification_notes: List[str]
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: str
    company_size: int


@lru_cache(maxsize=None)
def notes_on_person(role: str, domain: str) -> List[str]:
    notes = []
    if role.lower() not in roles:
        notes.append(f"Role {role} is not a decision maker")
    if domain in domains:
        notes.append(f"{domain} is not a business domain")
    return notes


@app.post("/leads", status_code=201, response_model=LeadResponse)
def create_lead(lead: Lead):
    notes = notes_on_person(lead.role, lead.email.split("@")[1].lower())
    if lead.company_size <= 10:
        notes.append(f"Company size {lead.company_size} is too small")
    if notes:
        status = "Unqualified"
    else:
        status = "Qualified"
    return {
        "lead_id": uuid4(),
        "status": status,
        "qualification_notes": notes,
        **lead.model_dump(),
    }
