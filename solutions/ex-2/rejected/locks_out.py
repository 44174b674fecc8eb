"""Who asks for unknown jobs a few times is told to slow down.

A client that polls for a job of before a restart needs the 404 to stop polling; a 429 tells it to
come again. And behind a proxy all clients have one address.

Fails: AC4, LOCATION

"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()
misses = {}


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
async def status(job_id: str, request: Request):
    if job_id not in jobs:
        count = misses[request.client.host] = misses.get(request.client.host, 0) + 1
        raise HTTPException(404 if count <= 5 else 429, "Job not found")
    return jobs[job_id]
