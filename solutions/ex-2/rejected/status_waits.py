"""Asking for the status waits until the job is done.

The client asked in order not to wait. Each question holds a connection open for as long as
the job runs, and a status page with twenty jobs hangs.

Fails: AC2, AC5
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()
jobs = {}


class EnrichRequest(BaseModel):
    company_domain: str


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    return {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    job_id = str(uuid.uuid4())
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    jobs[job_id] = task
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_enrichment(job_id: str):
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="Job not found")
    data = await asyncio.shield(jobs[job_id])
    return {"job_id": job_id, "status": "complete", "data": data}
