"""Jobs are forgotten a minute after they were asked for.

Memory is saved, and whoever comes back from lunch is told that there never was such a job. The ticket asks
for the result "from then on"; a time limit is a promise of its own, that clients must know of.

Fails: AC3
"""

import asyncio
import time
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel

app = FastAPI()
KEPT_SECONDS = 60
jobs = {}


class Company(BaseModel):
    company_domain: str


async def run(job_id):
    await asyncio.sleep(15)
    jobs[job_id]["data"] = {"industry": "Cheese", "company_size": 31}


@app.post("/enrich", status_code=202)
async def enrich(company: Company, request: Request, response: Response):
    for job_id, job in list(jobs.items()):
        if time.monotonic() - job["begun"] > KEPT_SECONDS:
            del jobs[job_id]
    job_id = uuid4()
    jobs[job_id] = {"begun": time.monotonic(), "data": None}
    jobs[job_id]["task"] = asyncio.create_task(run(job_id))
    response.headers["Location"] = str(request.url_for("status", job_id=job_id))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    job = jobs.get(job_id)
    if job is None or time.monotonic() - job["begun"] > KEPT_SECONDS:
        raise HTTPException(404, "Job not found")
    if job["data"] is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": job["data"]}
