"""Every rule gets a note, also those that hold.

A list of reasons in which most lines are no reason has to be read whole every time, so nobody reads
it.

Fails: AC1, AC2, AC3
"""

from typing import List
from uuid import UUID, uuid4

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


@app.post("/leads", status_code=201, response_model=LeadResponse)
def create_lead(lead: Lead):
    notes = []
    size_ok = lead.company_size > 10
    role_ok = lead.role.lower() in roles
    mail_ok = lead.email.split("@")[1].lower() not in domains
    notes.append(f"Company size {lead.company_size}: {'ok' if size_ok else 'too small'}")
    notes.append(f"Role {lead.role}: {'ok' if role_ok else 'not a decision maker'}")
    notes.append(f"E-mail {lead.email}: {'ok' if mail_ok else 'not a business e-mail'}")
    if not (size_ok and role_ok and mail_ok):
        status = "Unqualified"
    else:
        status = "Qualified"
    return {
        "lead_id": uuid4(),
        "status": status,
        "qualification_notes": notes,
        **lead.model_dump(),
    }
