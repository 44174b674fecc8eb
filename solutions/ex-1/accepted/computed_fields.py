"""The answer works itself out: computed fields on a model with defaults from a factory.

Stretch: NOTES, OPENAPI
"""

from typing import List
from uuid import UUID, uuid4

from fastapi import Body, FastAPI
from pydantic import BaseModel, EmailStr, Field, computed_field
from typing_extensions import Annotated, Literal

app = FastAPI(title="Leads", version="2")


class NewLead(BaseModel):
    first_name: str = Field(examples=["Grace"])
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: Annotated[int, Field(strict=True, ge=1)]


class Lead(NewLead):
    lead_id: UUID = Field(default_factory=uuid4)

    @computed_field
    @property
    def qualification_notes(self) -> List[str]:
        checks = [
            (self.company_size >= 11, f"{self.company_size} employees or fewer than needed"),
            (
                self.role.title().replace("Vp Of", "VP of")
                in ["Ceo", "Cto", "Founder", "VP of Engineering"],
                f"not a decision maker: {self.role}",
            ),
            (
                not self.email.lower().endswith(("@gmail.com", "@yahoo.com", "@outlook.com")),
                f"free mail: {self.email}",
            ),
        ]
        return [note for ok, note in checks if not ok]

    @computed_field
    @property
    def status(self) -> Literal["Qualified", "Unqualified"]:
        return "Unqualified" if self.qualification_notes else "Qualified"


@app.post("/leads", status_code=201, response_model=Lead)
async def create(new: Annotated[NewLead, Body()]):
    return Lead.model_validate(new.model_dump())
