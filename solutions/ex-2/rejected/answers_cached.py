"""The answer to a status request is kept for two seconds, to spare work.

A client that asks when the job must be done is told what was so before, and gives up, or waits
another round.

Fails: AC3, LOCATION

"""

import asyncio
import time
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()
cache = {}


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
    kept = cache.get(job_id)
    if kept and time.monotonic() - kept[0] < 2:
        return kept[1]
    cache[job_id] = (time.monotonic(), dict(jobs[job_id]))
    return jobs[job_id]
