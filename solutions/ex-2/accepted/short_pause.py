"""Gives the task a moment to start before it answers.

Stretch: SHUTDOWN
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}


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
    if not jobs[job_id].done():
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": jobs[job_id].result()}
