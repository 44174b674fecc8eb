"""A task group of anyio, opened for the life of the service and cancelled at its end.

Stretch: SHUTDOWN
"""

import uuid
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.jobs = {}
    async with anyio.create_task_group() as group:
        app.state.group = group
        yield
        group.cancel_scope.cancel()


app = FastAPI(lifespan=lifespan)


class EnrichBody(BaseModel):
    company_domain: str


async def lookup(jobs, job_id, domain):
    await anyio.sleep(15)
    jobs[job_id] = {"domain": domain, "company_size": 18}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichBody, request: Request):
    job_id = str(uuid.uuid4())
    jobs = request.app.state.jobs
    jobs[job_id] = None
    request.app.state.group.start_soon(lookup, jobs, job_id, body.company_domain)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str, request: Request):
    jobs = request.app.state.jobs
    if job_id not in jobs:
        raise HTTPException(404)
    if jobs[job_id] is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": jobs[job_id]}
