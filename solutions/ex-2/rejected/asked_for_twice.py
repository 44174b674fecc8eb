"""Asking for an unknown job makes it known.

The first answer is 404, the second "pending", for ever. Whoever asks again after an error is
the one who never gets to know that the job is lost, and the table grows with each such question.

Fails: AC4, LOCATION
"""

import asyncio
import uuid
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()


class Body(BaseModel):
    company_domain: str


def spawn(coro):
    task = asyncio.create_task(coro)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


async def work(job_id, domain):
    await asyncio.sleep(15)
    jobs[job_id].update(status="complete", data={"domain": domain, "company_size": 50})


@app.post("/enrich", status_code=202)
async def post(body: Body):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    spawn(work(job_id, body.company_domain))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get(job_id: str):
    known = job_id in jobs
    job = jobs.setdefault(job_id, {"job_id": job_id, "status": "pending"})
    if not known:
        raise HTTPException(404, "Job not found")
    return job
