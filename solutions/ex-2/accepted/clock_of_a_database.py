"""Jobs in SQLite, whose own clock tells how old each is; no driven clock reaches that one."""

import sqlite3
import uuid
from typing import Iterator

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

FILE = "jobs.db"
AGE = "(julianday('now') - started) * 86400"

app = FastAPI(title="Enrichment in a database")

with sqlite3.connect(FILE) as first:
    first.execute(
        "CREATE TABLE IF NOT EXISTS jobs"
        " (id TEXT PRIMARY KEY, domain TEXT, started REAL DEFAULT (julianday('now')))"
    )
first.close()


class EnrichmentRequest(BaseModel):
    company_domain: str


def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(FILE, check_same_thread=False)
    try:
        with made:
            yield made
    finally:
        made.close()


@app.post("/enrich", status_code=202)
def enrich(body: EnrichmentRequest, db: sqlite3.Connection = Depends(connection)) -> dict:
    job_id = str(uuid.uuid4())
    db.execute("INSERT INTO jobs (id, domain) VALUES (?, ?)", (job_id, body.company_domain))
    db.commit()  # before the answer, so that whoever reads it finds the job
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: str, db: sqlite3.Connection = Depends(connection)) -> dict:
    row = db.execute(f"SELECT domain, {AGE} FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise HTTPException(status_code=404, detail="No such job")
    domain, age = row
    if age < 15:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"domain": domain}}
