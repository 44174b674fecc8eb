"""More providers count as free than the ticket names.

The list is sales' decision, and hotmail.com is not on it. Whoever adds to a rule on a hunch turns away
leads that sales wanted to call, and nobody notices what does not come in.

Fails: AC1
"""

from enum import Enum
from typing import List
from uuid import UUID, uuid4

from fastapi import FastAPI, status
from pydantic import BaseModel, EmailStr, Field

DECISION_MAKERS = {"ceo", "cto", "founder", "vp of engineering"}
FREE_PROVIDERS = {
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "outlook.com",
    "hotmail.com",
    "icloud.com",
    "aol.com",
    "proton.me",
}
LARGEST_UNQUALIFIED_SIZE = 10

app = FastAPI(title="Leads")


class Status(str, Enum):
    """What sales is told."""

    qualified = "Qualified"
    unqualified = "Unqualified"


class LeadIn(BaseModel):
    """A lead as the form sends it. What is not valid here never becomes a lead."""

    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    # Strict: "50" is a mistake of the sender, and guessing hides it.
    company_size: int = Field(gt=0, strict=True)


class Lead(LeadIn):
    """A lead as it is answered."""

    lead_id: UUID
    status: Status
    qualification_notes: List[str]


def failed_rules(lead: LeadIn) -> List[str]:
    """One note for each business rule that the lead does not meet."""
    notes = []
    if lead.company_size <= LARGEST_UNQUALIFIED_SIZE:
        notes.append(f"A company of {lead.company_size} is too small.")
    if lead.role.lower() not in DECISION_MAKERS:
        notes.append(f"The role {lead.role!r} does not decide on purchases.")
    if lead.email.rpartition("@")[2].lower() in FREE_PROVIDERS:
        notes.append(f"{lead.email} is at a free e-mail provider.")
    return notes


@app.post("/leads", status_code=status.HTTP_201_CREATED)
def create_lead(lead: LeadIn) -> Lead:
    """Take in a lead and say whether it is worth a call."""
    notes = failed_rules(lead)
    return Lead(
        **lead.model_dump(),
        lead_id=uuid4(),
        status=Status.unqualified if notes else Status.qualified,
        qualification_notes=notes,
    )
