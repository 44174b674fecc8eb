"""Leads are stored in a SQLite file, and the stored row is what is answered.

Stretch: NOTES, OPENAPI
"""

import json
import sqlite3
from contextlib import asynccontextmanager
from typing import Iterator, List
from uuid import uuid4

from fastapi import Depends, FastAPI
from pydantic import UUID4, BaseModel, ConfigDict, EmailStr, Field

DATABASE = "leads.sqlite3"
COLUMNS = "first_name last_name company_name role email company_size".split()
ROLES = ("ceo", "cto", "founder", "vp of engineering")
FREE = ("gmail.com", "yahoo.com", "outlook.com")


@asynccontextmanager
async def lifespan(app: FastAPI):
    connection = sqlite3.connect(DATABASE)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS leads (lead_id, status, notes, {', '.join(COLUMNS)})"
    )
    connection.close()
    yield


def connected() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(DATABASE, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            yield connection
    finally:
        connection.close()


class LeadForm(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", str_strip_whitespace=True)

    first_name: str
    last_name: str
    company_name: str
    role: str
    email: EmailStr
    company_size: int = Field(ge=1)


class StoredLead(LeadForm):
    model_config = ConfigDict(strict=False)

    lead_id: UUID4
    status: str = Field(pattern="^(Qualified|Unqualified)$")
    qualification_notes: List[str]


app = FastAPI(lifespan=lifespan)


@app.post("/leads", status_code=201)
def store(form: LeadForm, database: sqlite3.Connection = Depends(connected)) -> StoredLead:
    notes = []
    if form.company_size < 11:
        notes.append(f"Company size: {form.company_size}, and more than 10 are needed")
    if form.role.lower() not in ROLES:
        notes.append(f"Role: {form.role}, and not one of {', '.join(ROLES)}")
    domain = form.email.split("@")[-1].lower()
    if domain in FREE:
        notes.append(f"Domain: {domain}, and {', '.join(FREE)} are not accepted")
    lead_id = str(uuid4())
    status = "Unqualified" if notes else "Qualified"
    values = [lead_id, status, json.dumps(notes), *(getattr(form, name) for name in COLUMNS)]
    database.execute(f"INSERT INTO leads VALUES ({', '.join('?' * len(values))})", values)
    row = database.execute("SELECT * FROM leads WHERE lead_id = ?", [lead_id]).fetchone()
    return StoredLead(
        lead_id=row["lead_id"],
        status=row["status"],
        qualification_notes=json.loads(row["notes"]),
        **{name: row[name] for name in COLUMNS},
    )
