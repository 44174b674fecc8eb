"""Only the thirty newest jobs are kept, so that memory stays small.

Twenty clients that come back for what they were promised find nothing, on the first day on which
there is more to do than usual. What may be forgotten, and when, is for the ticket to say.

Fails: AC5, LOCATION

"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()


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
    while len(jobs) > 30:
        jobs.pop(next(iter(jobs)))
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    return jobs[job_id]
