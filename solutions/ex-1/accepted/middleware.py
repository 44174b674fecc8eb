"""Middleware all around: compression on request, cross-origin headers, a time for each request.

The body is read by a function that the route depends on, and the answer is made by hand.

Stretch: NOTES
"""

import time
import uuid

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel, EmailStr, PositiveInt, ValidationError

app = FastAPI()
app.add_middleware(GZipMiddleware, minimum_size=1)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["POST"])


@app.middleware("http")
async def timed(request: Request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    response.headers["X-Process-Time"] = f"{time.perf_counter() - started:.6f}"
    return response


class Lead(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: PositiveInt


async def lead_of(request: Request) -> Lead:
    try:
        return Lead.model_validate_json(await request.body(), strict=True)
    except ValidationError as error:
        raise HTTPException(422, [{"loc": e["loc"], "msg": e["msg"]} for e in error.errors()])


@app.post("/leads", response_class=JSONResponse)
async def create_lead(lead: Lead = Depends(lead_of)):
    _, _, domain = lead.email.partition("@")
    rules = [
        (lead.company_size > 10, f"company_size: {lead.company_size}"),
        (
            lead.role.upper() in {"CEO", "CTO", "FOUNDER", "VP OF ENGINEERING"},
            f"role: {lead.role}",
        ),
        (domain.lower() not in {"gmail.com", "yahoo.com", "outlook.com"}, f"domain: {domain}"),
    ]
    answer = {"lead_id": str(uuid.uuid4()), **lead.model_dump(), "status": "Qualified"}
    reasons = [reason for holds, reason in rules if not holds]
    if reasons:
        answer.update(status="Unqualified", qualification_notes=reasons)
    return JSONResponse(answer, status_code=201)
