"""One consumer takes the jobs from a queue and awaits each.

The queue accepts everybody and serves one: the requests are answered promptly, and the work
behind them falls further behind with each.

Fails: AC3, AC5
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()
jobs = {}
queue = []
consumers = []


class EnrichRequest(BaseModel):
    company_domain: str


async def consume():
    while queue:
        await run_job(*queue.pop(0))
    consumers.clear()


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    jobs[job_id]["status"] = "complete"
    jobs[job_id]["data"] = {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    queue.append((job_id, body.company_domain))
    if not consumers:
        consumers.append(asyncio.create_task(consume()))
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_enrichment(job_id: str):
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="Job not found")
    return jobs[job_id]
