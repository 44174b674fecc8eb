"""What was asked before is not asked again: a second job for a company is complete at once.

Every job is its customer's own, and is paid for as one. (The jobs tell the time by files, which
are judged in real time.)

Fails: AC3, LOCATION
"""

import hashlib
import time
import uuid
from pathlib import Path

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

COMPANIES = Path("companies")
COMPANIES.mkdir(exist_ok=True)

app = FastAPI()
jobs = {}


class EnrichRequest(BaseModel):
    company_domain: str


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest):
    job_id = str(uuid.uuid4())
    file = COMPANIES / hashlib.sha256(body.company_domain.encode()).hexdigest()
    if not file.exists():
        file.touch()
    jobs[job_id] = file
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    if time.time() - jobs[job_id].stat().st_mtime < 15:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"company_size": 120}}
