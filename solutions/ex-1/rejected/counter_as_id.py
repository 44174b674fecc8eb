"""The id is a number that counts up.

A counter in memory starts again with every restart and in every process, so two leads get the same
id, and anybody can guess how many leads there are.

Fails: AC1, OPENAPI
"""

from itertools import count
from typing import List

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field, StrictInt
from typing_extensions import Literal

app = FastAPI()
ids = count(1)

roles = ["ceo", "cto", "founder", "vp of engineering"]
domains = ["gmail.com", "yahoo.com", "outlook.com"]


class Lead(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: StrictInt = Field(gt=0)


class LeadResponse(BaseModel):
    lead_id: int
    status: Literal["Qualified", "Unqualified"]
    qualification_notes: List[str]
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: str
    company_size: int


@app.post("/leads", status_code=201, response_model=LeadResponse)
def create_lead(lead: Lead):
    notes = []
    if lead.company_size <= 10:
        notes.append(f"Company size {lead.company_size} is too small")
    if lead.role.lower() not in roles:
        notes.append(f"Role {lead.role} is not a decision maker")
    if lead.email.split("@")[1].lower() in domains:
        notes.append(f"{lead.email} is not a business e-mail")
    if notes:
        status = "Unqualified"
    else:
        status = "Qualified"
    return {
        "lead_id": next(ids),
        "status": status,
        "qualification_notes": notes,
        **lead.model_dump(),
    }
