"""The 404 is the second half of a tuple, as in Flask.

FastAPI turns the tuple into a JSON list and sends it with 200. The code reads as if it were
right, which is why only a test of the error path finds it.

Fails: AC4
"""

import asyncio
import uuid

from fastapi import FastAPI, Response
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
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_enrichment(job_id: str):
    if job_id not in jobs:
        return {"detail": "Job not found"}, 404
    return jobs[job_id]
