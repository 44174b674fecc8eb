from typing import List, Union
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, PositiveInt
from typing_extensions import Literal


class LeadCreate(BaseModel):
    model_config = ConfigDict(strict=True)

    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: PositiveInt


class QualifiedLead(LeadCreate):
    lead_id: UUID
    status: Literal["Qualified"] = "Qualified"
    qualification_notes: List[str] = []


class UnqualifiedLead(LeadCreate):
    lead_id: UUID
    status: Literal["Unqualified"] = "Unqualified"
    qualification_notes: List[str]


LeadOut = Union[UnqualifiedLead, QualifiedLead]
