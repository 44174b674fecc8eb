"""Gives the task a moment to start before it answers, and its status a moment to change.

Stretch: SHUTDOWN
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()


class Company(BaseModel):
    company_domain: str


async def enrich(domain: str):
    await asyncio.sleep(15)
    return {"domain": domain, "employees": 120}


@app.post("/enrich", status_code=202)
async def start(company: Company):
    job_id = str(uuid.uuid4())
    jobs[job_id] = asyncio.create_task(enrich(company.company_domain))
    await asyncio.sleep(0.05)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    try:
        data = await asyncio.wait_for(asyncio.shield(jobs[job_id]), 0.001)
    except asyncio.TimeoutError:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": data}
