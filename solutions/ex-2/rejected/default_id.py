"""The id is made once, when the program starts.

A default value is worked out when the class is defined, not for every request. In a
demonstration with one job nobody notices; with two clients each sees the other's data.

Fails: AC1, AC2, AC3
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
    job_id: str = str(uuid.uuid4())


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    jobs[job_id]["status"] = "complete"
    jobs[job_id]["data"] = {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    job_id = body.job_id
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
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
