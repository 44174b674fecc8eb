"""A file for each job: the file system has noted when it was made, and the driven clock has not."""

import time
import uuid
from pathlib import Path

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

JOBS = Path("jobs")
JOBS.mkdir(exist_ok=True)

app = FastAPI(title="Enrichment in files")


class EnrichmentRequest(BaseModel):
    company_domain: str


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichmentRequest) -> dict:
    job_id = uuid.uuid4()
    (JOBS / str(job_id)).write_text(body.company_domain, encoding="utf-8")
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: uuid.UUID) -> dict:
    file = JOBS / str(job_id)
    if not file.exists():
        raise HTTPException(status_code=404, detail="No such job")
    if time.time() - file.stat().st_mtime < 15:
        return {"job_id": job_id, "status": "pending"}
    data = {"domain": file.read_text(encoding="utf-8"), "employees": 40}
    return {"job_id": job_id, "status": "complete", "data": data}
