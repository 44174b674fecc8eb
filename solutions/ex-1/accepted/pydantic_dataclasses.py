"""Pydantic dataclasses, and notes that are null for a qualified lead.

Stretch: NOTES, OPENAPI
"""

import dataclasses
from typing import List, Optional
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import EmailStr, Field, StrictInt, StrictStr
from pydantic.dataclasses import dataclass
from typing_extensions import Annotated, Literal

app = FastAPI()

Size = Annotated[StrictInt, Field(gt=0)]


@dataclass
class Submission:
    first_name: StrictStr
    last_name: StrictStr
    company_name: StrictStr
    role: StrictStr
    email: EmailStr
    company_size: Size


@dataclass
class Lead:
    lead_id: UUID
    status: Literal["Qualified", "Unqualified"]
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: str
    company_size: int
    qualification_notes: Optional[List[str]] = None


RULES = (
    (lambda s: s.company_size > 10, "only {0.company_size} people work there"),
    (
        lambda s: s.role.lower() in ("ceo", "cto", "founder", "vp of engineering"),
        "a {0.role} does not decide",
    ),
    (
        lambda s: s.email.lower().split("@")[1] not in ("gmail.com", "yahoo.com", "outlook.com"),
        "{0.email} is no business address",
    ),
)


@app.post("/leads", status_code=201)
async def create(submission: Submission) -> Lead:
    notes = [note.format(submission) for holds, note in RULES if not holds(submission)]
    return Lead(
        lead_id=uuid4(),
        status="Unqualified" if notes else "Qualified",
        qualification_notes=notes or None,
        **dataclasses.asdict(submission),
    )
