"""A body without the domain starts a job all the same.

The mistake of the caller surfaces fifteen seconds later and far from where it was made, as
a job about no company, when it could have been refused in a millisecond.

Fails: AC1
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Response

app = FastAPI()
jobs = {}
tasks = set()


async def run_job(job_id, domain):
    await asyncio.sleep(15)
    jobs[job_id]["status"] = "complete"
    jobs[job_id]["data"] = {"domain": domain, "company_size": 120, "industry": "Software"}


@app.post("/enrich", status_code=202)
async def enrich(body: dict, response: Response):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    task = asyncio.create_task(run_job(job_id, body.get("company_domain")))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    response.headers["Location"] = f"/enrich/{job_id}"
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get_enrichment(job_id: str):
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="Job not found")
    return jobs[job_id]
