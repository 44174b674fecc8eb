"""The free providers are one text, and the domain is looked for in it.

`in` on two strings looks for a part: mail.com is a part of "gmail.com yahoo.com outlook.com", and who
has an address there is turned away.

Fails: AC1
"""

from typing import List
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field, StrictInt
from typing_extensions import Literal

app = FastAPI()

roles = ["ceo", "cto", "founder", "vp of engineering"]
free_domains = "gmail.com yahoo.com outlook.com"


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
    if lead.company_size <= 10:
        notes.append(f"Company size {lead.company_size} is too small")
    if lead.role.lower() not in roles:
        notes.append(f"Role {lead.role} is not a decision maker")
    if lead.email.split("@")[1].lower() in free_domains:
        notes.append(f"{lead.email} is not a business e-mail")
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
