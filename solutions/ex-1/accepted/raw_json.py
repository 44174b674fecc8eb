"""FastAPI with the request's raw JSON, and errors raised as HTTPException.

Stretch: NOTES
"""

import uuid

from email_validator import EmailNotValidError, validate_email
from fastapi import FastAPI, HTTPException, Request, Response

app = FastAPI()
leads = {}


def text(data, name):
    if name not in data:
        raise HTTPException(422, f"{name} is required")
    if not isinstance(data[name], str):
        raise HTTPException(422, f"{name} is not a string")
    return data[name]


@app.post("/leads")
async def post_lead(request: Request, response: Response):
    try:
        data = await request.json()
    except Exception:
        raise HTTPException(422, "The body is not JSON")
    if type(data) is not dict:
        raise HTTPException(422, "The body is not an object")
    lead = {name: text(data, name) for name in ("first_name", "last_name", "company_name", "role")}
    try:
        address = validate_email(text(data, "email"), check_deliverability=False)
    except EmailNotValidError as error:
        raise HTTPException(422, str(error))
    lead["email"] = address.normalized
    if type(data.get("company_size")) is not int or data["company_size"] < 1:
        raise HTTPException(422, "company_size is not a positive integer")
    lead["company_size"] = data["company_size"]

    reasons = {
        f"{lead['company_size']} people are not enough": lead["company_size"] < 11,
        f"{lead['role']} cannot buy": lead["role"].upper()
        not in ("CEO", "CTO", "FOUNDER", "VP OF ENGINEERING"),
        f"{address.domain} is a free provider": address.domain
        in {"gmail.com", "yahoo.com", "outlook.com"},
    }
    notes = [reason for reason, failed in reasons.items() if failed]
    lead["status"] = "Unqualified" if notes else "Qualified"
    lead["qualification_notes"] = notes or None
    lead["lead_id"] = str(uuid.uuid4()).upper()
    leads[lead["lead_id"]] = lead
    response.status_code = 201
    return lead
