"""A body that is no JSON crashes the handler.

500 says that the service is broken, wakes somebody up at night, and is the client's fault.

Fails: AC4, OPENAPI
"""

import json
from typing import List
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, EmailStr, Field, StrictInt, ValidationError
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
async def create_lead(request: Request):
    data = json.loads(await request.body())
    try:
        lead = Lead(**data)
    except ValidationError as error:
        raise HTTPException(status_code=422, detail=str(error))
    notes = []
    if lead.company_size <= 10:
        notes.append(f"Company size {lead.company_size} is too small")
    if lead.role.lower() not in roles:
        notes.append(f"Role {lead.role} is not a decision maker")
    if lead.email.split("@")[1].lower() in domains:
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
