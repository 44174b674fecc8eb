"""One of the four roles is missing from the list.

A rule that was typed in from memory is a rule that nobody checked against the ticket. The lead is
stored as unqualified, and nobody calls the person who could have bought.

Fails: AC1
"""

import uuid
from enum import Enum
from typing import List

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field

app = FastAPI()


class LeadStatus(str, Enum):
    QUALIFIED = "Qualified"
    UNQUALIFIED = "Unqualified"


class LeadBase(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: int = Field(gt=0, strict=True)


class LeadOut(LeadBase):
    lead_id: uuid.UUID
    status: LeadStatus
    qualification_notes: List[str]


def check_size(lead):
    if lead.company_size <= 10:
        return f"Too small: {lead.company_size}"


def check_role(lead):
    if lead.role.upper() not in ["CEO", "CTO", "FOUNDER"]:
        return f"No decision maker: {lead.role}"


def check_email(lead):
    domain = lead.email.split("@")[1].lower()
    if domain in ["gmail.com", "yahoo.com", "outlook.com"]:
        return f"Private e-mail: {domain}"


@app.post("/leads", status_code=201, response_model=LeadOut)
def create_lead(lead: LeadBase):
    results = [check(lead) for check in (check_size, check_role, check_email)]
    notes = [note for note in results if note is not None]
    return LeadOut(
        lead_id=uuid.uuid4(),
        status=LeadStatus.UNQUALIFIED if notes else LeadStatus.QUALIFIED,
        qualification_notes=notes,
        **lead.model_dump(),
    )
