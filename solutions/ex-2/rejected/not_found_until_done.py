"""A job is written down only when it is done.

Until then the service denies a job whose receipt it gave out a second ago. Clients conclude
that the request was lost and send it again, so that every slow job runs twice.

Fails: AC2, LOCATION
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()


class EnrichRequest(BaseModel):
    company_domain: str


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    data = {"domain": domain, "company_size": 120, "industry": "Software"}
    jobs[job_id] = {"job_id": job_id, "status": "complete", "data": data}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    job_id = str(uuid.uuid4())
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_enrichment(job_id: str):
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="Job not found")
    return jobs[job_id]
