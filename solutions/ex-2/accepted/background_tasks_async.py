"""FastAPI's BackgroundTasks with a coroutine.

Stretch: LOCATION
"""

import asyncio
import uuid

from fastapi import BackgroundTasks, FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()
jobs = {}


class Enrich(BaseModel):
    company_domain: str


async def run_job(job_id: str, domain: str) -> None:
    await asyncio.sleep(15)
    jobs[job_id] = {"domain": domain, "company_size": 42, "industry": "Retail"}


@app.post("/enrich", status_code=202)
async def enrich(body: Enrich, background_tasks: BackgroundTasks, response: Response):
    job_id = str(uuid.uuid4())
    jobs[job_id] = None
    background_tasks.add_task(run_job, job_id, body.company_domain)
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_job(job_id: str):
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="No such job")
    if jobs[job_id] is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": jobs[job_id]}
