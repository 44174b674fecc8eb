"""The whole address comes back in lower case.

Only the domain of an address is the same in any letter case; what stands before the @ belongs to
the server that receives the mail, and some do tell "Ada" from "ada". Data that was changed on the
way in cannot be compared with what the sender has.

Fails: AC1
"""

import uuid
from typing import List, Literal

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field, field_validator

app = FastAPI()

DECISION_MAKERS = ["ceo", "cto", "founder", "vp of engineering"]
FREE_DOMAINS = ["gmail.com", "yahoo.com", "outlook.com"]


class Lead(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: int = Field(gt=0, strict=True)

    @field_validator("email")
    @classmethod
    def normalise(cls, value: str) -> str:
        return value.lower()


class Result(Lead):
    lead_id: uuid.UUID
    status: Literal["Qualified", "Unqualified"]
    qualification_notes: List[str]


@app.post("/leads", status_code=201)
def create_lead(lead: Lead) -> Result:
    notes = []
    if lead.company_size <= 10:
        notes.append(f"{lead.company_size} employees are too few")
    if lead.role.lower() not in DECISION_MAKERS:
        notes.append(f"{lead.role} is not a decision maker")
    if lead.email.split("@")[1] in FREE_DOMAINS:
        notes.append(f"{lead.email} is a private address")
    status = "Unqualified" if notes else "Qualified"
    return Result(
        lead_id=uuid.uuid4(), status=status, qualification_notes=notes, **lead.model_dump()
    )
