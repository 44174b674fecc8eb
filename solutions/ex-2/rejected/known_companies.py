"""What was found for a company is kept, and the next job for it is complete at once.

Remembering answers may be a good idea, but it is another contract: who asked for fresh data gets that of
an hour ago, and nothing says so.

Fails: AC3, LOCATION
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


cache = {}


async def work(job_id, domain):
    if domain not in cache:
        await asyncio.sleep(15)
        cache[domain] = {"domain": domain, "company_size": 5}
    jobs[job_id].update(status="complete", data=cache[domain])


@app.post("/enrich", status_code=202)
async def post(body: Body):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    spawn(work(job_id, body.company_domain))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    return jobs[job_id]
