from uuid import uuid4

from fastapi import APIRouter, status

from ..qualification import reasons
from ..schemas import LeadCreate, LeadOut, QualifiedLead, UnqualifiedLead

router = APIRouter(prefix="/leads", tags=["leads"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=LeadOut)
def create_lead(lead: LeadCreate):
    notes = list(reasons(lead))
    if notes:
        return UnqualifiedLead(**lead.model_dump(), lead_id=uuid4(), qualification_notes=notes)
    return QualifiedLead(**lead.model_dump(), lead_id=uuid4())
