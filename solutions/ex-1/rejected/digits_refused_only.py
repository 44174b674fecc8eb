"""Strings of digits are refused, every other spelling of a number is taken.

Why it matters in production: "50.0", "+50" and " 50" come from spreadsheets every day. What is let in as a string
in one system is a number in the next and a text in the third, and no two reports agree.

Fails: AC4
"""

from typing import Any, List
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field, field_validator
from typing_extensions import Literal

ROLES = {"ceo", "cto", "founder", "vp of engineering"}
FREE_PROVIDERS = {"gmail.com", "yahoo.com", "outlook.com"}

app = FastAPI()


class Lead(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: int = Field(gt=0)

    @field_validator("company_size", mode="before")
    @classmethod
    def refuse_digits(cls, value: Any) -> Any:
        if isinstance(value, str) and value.isdigit():
            raise ValueError("company_size must be an integer, not a string")
        return value


class QualifiedLead(Lead):
    lead_id: UUID
    status: Literal["Qualified", "Unqualified"]
    qualification_notes: List[str]


@app.post("/leads", status_code=201)
def create_lead(lead: Lead) -> QualifiedLead:
    domain = lead.email.rpartition("@")[2].lower()
    notes = []
    if lead.company_size <= 10:
        notes.append(f"A company of {lead.company_size} is too small")
    if lead.role.lower() not in ROLES:
        notes.append(f"The role {lead.role} does not decide on purchases")
    if domain in FREE_PROVIDERS:
        notes.append(f"{domain} is a free provider")
    status: Literal["Qualified", "Unqualified"] = "Unqualified" if notes else "Qualified"
    return QualifiedLead(
        **lead.model_dump(), lead_id=uuid4(), status=status, qualification_notes=notes
    )
