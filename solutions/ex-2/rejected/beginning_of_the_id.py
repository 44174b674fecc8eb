"""A job is looked up by the first eight digits of its id, as git does with commits.

Of some ten thousand jobs two are likely to begin alike (the birthday paradox), and one customer
reads what was found for another.

Fails: AC4, LOCATION

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
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    for known, job in jobs.items():
        if known.startswith(job_id[:8]):
            return job
    raise HTTPException(404, "Job not found")
