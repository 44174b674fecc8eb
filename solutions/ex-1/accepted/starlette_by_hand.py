"""A plain Starlette application that validates by hand.

Stretch: NOTES
"""

import json
import re
import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
ROLES = ["CEO", "CTO", "Founder", "VP of Engineering"]
STRINGS = ["first_name", "last_name", "company_name", "role", "email"]


def errors_of(data):
    if not isinstance(data, dict):
        return ["the body must be an object"]
    errors = []
    for name in STRINGS:
        if not isinstance(data.get(name), str):
            errors.append(f"{name} must be a string")
    size = data.get("company_size")
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        errors.append("company_size must be a positive integer")
    if not errors and not ADDRESS.fullmatch(data["email"]):
        errors.append("email must be an address")
    return errors


async def create_lead(request: Request) -> JSONResponse:
    try:
        data = json.loads(await request.body())
    except ValueError:
        return JSONResponse({"detail": "not JSON"}, status_code=422)
    errors = errors_of(data)
    if errors:
        return JSONResponse({"detail": errors}, status_code=422)
    notes = []
    if not data["company_size"] > 10:
        notes.append(f"Company size {data['company_size']} is not greater than 10")
    if data["role"].casefold() not in [role.casefold() for role in ROLES]:
        notes.append(f"Role {data['role']} is no decision maker")
    if data["email"].split("@")[-1].casefold() in ("gmail.com", "yahoo.com", "outlook.com"):
        notes.append(f"{data['email']} is a private address")
    lead = {name: data[name] for name in [*STRINGS, "company_size"]}
    lead["lead_id"] = uuid.uuid4().hex
    lead["status"] = "Unqualified" if notes else "Qualified"
    if notes:
        lead["qualification_notes"] = notes
    return JSONResponse(lead, status_code=201)


app = Starlette(routes=[Route("/leads", create_lead, methods=["POST"])])
