"""All jobs share one status: when the first is done, all are.

A flag in the module belongs to no job. The second client is told "complete" and handed data
about the first client's company.

Fails: AC2, AC3
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()
state = {"status": "pending", "data": None}


class EnrichRequest(BaseModel):
    company_domain: str


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    state["status"] = "complete"
    state["data"] = {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    job_id = str(uuid.uuid4())
    jobs[job_id] = body.company_domain
    task = asyncio.create_task(run_job(job_id, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_enrichment(job_id: str):
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="Job not found")
    if state["status"] == "pending":
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, **state}
