"""Each job is a program of its own; whether it has ended is looked up when somebody asks."""

import subprocess
import sys
import uuid
from typing import Dict

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

PROGRAM = "import time; time.sleep(15)"

app = FastAPI(title="Enrichment by another program")
jobs: Dict[uuid.UUID, "subprocess.Popen[bytes]"] = {}


class EnrichmentRequest(BaseModel):
    company_domain: str = Field(min_length=1)


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichmentRequest) -> dict:
    job_id = uuid.uuid4()
    jobs[job_id] = subprocess.Popen([sys.executable, "-c", PROGRAM])
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: uuid.UUID) -> dict:
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="No such job")
    if jobs[job_id].poll() is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"exit_code": jobs[job_id].returncode}}
