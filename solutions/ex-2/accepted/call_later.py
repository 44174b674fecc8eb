"""No task at all: loop.call_later finishes the job.

Stretch: LOCATION, SHUTDOWN
"""

import asyncio
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel

app = FastAPI()
store = {}


class EnrichmentIn(BaseModel):
    company_domain: str


def complete(job):
    job["status"] = "complete"
    job["data"] = {"company_size": 77, "industry": "Energy"}


@app.post("/enrich", status_code=202)
async def enrich(payload: EnrichmentIn, request: Request, response: Response):
    job = {"job_id": uuid4().hex, "status": "pending"}
    store[job["job_id"]] = job
    asyncio.get_running_loop().call_later(15, complete, job)
    response.headers["location"] = str(request.url_for("job_status", job_id=job["job_id"]))
    return {"job_id": job["job_id"]}


@app.get("/enrich/{job_id}")
async def job_status(job_id: str):
    if job_id not in store:
        raise HTTPException(404, "not found")
    return store[job_id]
