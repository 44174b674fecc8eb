"""A finished job is forgotten as soon as it has been told.

The answer may be lost on its way, or two clients may wait for the same job: whoever asks
again is told that there never was such a job.

Fails: AC3
"""

import asyncio
from typing import Dict, Optional
from uuid import UUID, uuid4

from fastapi import Body, FastAPI, HTTPException, Request, Response

app = FastAPI()
jobs: Dict[UUID, Optional[dict]] = {}
tasks = set()


async def run(job_id: UUID) -> None:
    await asyncio.sleep(15)
    jobs[job_id] = {"industry": "Post", "company_size": 12}


@app.post("/enrich", status_code=202)
async def enrich(request: Request, response: Response, company_domain: str = Body(..., embed=True)):
    job_id = uuid4()
    jobs[job_id] = None
    task = asyncio.create_task(run(job_id))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    response.headers["Location"] = str(request.url_for("status", job_id=job_id))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    if job_id not in jobs:
        raise HTTPException(status_code=404)
    if jobs[job_id] is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": jobs.pop(job_id)}
