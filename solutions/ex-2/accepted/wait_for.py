"""A time-out is the clock: asyncio.wait_for on an event that never comes.

Stretch: SHUTDOWN
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()


class EnrichBody(BaseModel):
    company_domain: str


async def lookup(job_id):
    never = asyncio.Event()
    try:
        await asyncio.wait_for(never.wait(), timeout=15)
    except asyncio.TimeoutError:
        jobs[job_id] = {"status": "complete", "data": {"industry": "unknown (timed out)"}}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichBody):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"status": "pending"}
    tasks.add(asyncio.create_task(lookup(job_id)))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404)
    return {"job_id": job_id, **jobs[job_id]}
