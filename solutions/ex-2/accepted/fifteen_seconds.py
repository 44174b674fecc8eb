"""Fifteen sleeps of one second, with progress, and a Location.

Stretch: LOCATION, SHUTDOWN
"""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Dict

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel


@dataclass
class Job:
    domain: str
    seconds: int = 0


class Query(BaseModel):
    company_domain: str


app = FastAPI()
jobs: Dict[uuid.UUID, Job] = {}
tasks = []


async def run(job: Job):
    for _ in range(15):
        await asyncio.sleep(1)
        job.seconds += 1


@app.post("/enrich", status_code=202)
async def enrich(query: Query, response: Response):
    job_id = uuid.uuid4()
    jobs[job_id] = Job(query.company_domain)
    tasks.append(asyncio.create_task(run(jobs[job_id])))
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: uuid.UUID):
    job = jobs.get(job_id)
    if job is None:
        raise HTTPException(404, "Unknown job")
    if job.seconds < 15:
        return {"job_id": job_id, "status": "pending", "progress": job.seconds / 15}
    data = {"domain": job.domain, "company_size": 5000, "industry": "Aerospace"}
    return {"job_id": job_id, "status": "complete", "data": data, "progress": 1.0}
