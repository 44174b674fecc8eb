"""The id of an unqualified lead is made of its address, so that it is the same when the lead comes again.

Why it matters in production: two submissions of one person are two leads with one id, and whoever
looks for one of them finds the other.

Fails: AC2
"""

from typing import List
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field, StrictInt
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
    company_size: StrictInt = Field(gt=0)


class LeadResponse(Lead):
    lead_id: UUID
    status: Literal["Qualified", "Unqualified"]
    qualification_notes: List[str]


@app.post("/leads", status_code=201)
def create_lead(lead: Lead) -> LeadResponse:
    notes = []
    if lead.company_size <= 10:
        notes.append(f"Company size {lead.company_size} is too small")
    if lead.role.lower() not in roles:
        notes.append(f"Role {lead.role} is not a decision maker")
    if lead.email.split("@")[1].lower() in domains:
        notes.append(f"{lead.email} is not a business e-mail")
    return LeadResponse(
        **lead.model_dump(),
        lead_id=uuid5(NAMESPACE_URL, lead.email) if notes else uuid4(),
        status="Unqualified" if notes else "Qualified",
        qualification_notes=notes,
    )
