"""Who asks for a job twice within a second gets 429.

Two tabs of one browser, or a retry after a lost answer, and the page shows an error for a job that
is all right.

Fails: AC2, LOCATION

"""

import asyncio
import time
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()
asked = {}


class EnrichRequest(BaseModel):
    company_domain: str


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    jobs[job_id]["status"] = "complete"
    jobs[job_id]["data"] = {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    now = time.monotonic()
    if now - asked.get(job_id, now - 10) < 1:
        raise HTTPException(429, "Too many requests", headers={"Retry-After": "1"})
    asked[job_id] = now
    return jobs[job_id]
