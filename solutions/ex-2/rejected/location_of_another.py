"""The Location is that of the newest job, read before the new one is there.

With one job at a time nobody notices; the second client is sent to the first one's result.

Fails: LOCATION

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
    jobs[job_id]["status"] = "complete"
    jobs[job_id]["data"] = {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    job_id = str(uuid.uuid4())
    newest = next(reversed(list(jobs)), job_id)
    response.headers["Location"] = f"/enrich/{newest}"
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    return jobs[job_id]
