"""Invalid data is answered with 400.

Both say that the client is at fault. But 422 is what FastAPI, its documentation and the ticket say,
and a client acts on the number.

Fails: AC4, OPENAPI
"""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from typing import List
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import BaseModel, EmailStr, Field, StrictInt
from typing_extensions import Literal

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError):
    return JSONResponse({"detail": str(error)}, status_code=400)



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


@app.post(
    "/leads",
    status_code=201,
    response_model=LeadResponse,
    responses={400: {"description": "Invalid data"}},
)
def create_lead(lead: Lead):
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


# The documentation says what the handler above does.
schema = app.openapi()
schema["paths"]["/leads"]["post"]["responses"].pop("422")
