"""The two endpoints."""

import asyncio
from typing import Set
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response
from provider import look_up
from pydantic import BaseModel
from store import Job, jobs

router = APIRouter(prefix="/enrich")
tasks: Set["asyncio.Task[None]"] = set()


class EnrichmentRequest(BaseModel):
    """The company to look up."""

    company_domain: str


async def run(job: Job, domain: str) -> None:
    """Fill in what the provider finds."""
    job.data = await look_up(domain)


@router.post("", status_code=202)
async def enrich(body: EnrichmentRequest, response: Response):
    job = Job()
    jobs[job.id] = job
    task = asyncio.create_task(run(job, body.company_domain))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    response.headers["Location"] = f"{router.prefix}/{job.id}"
    return {"job_id": job.id}


@router.get("/{job_id}")
async def status(job_id: UUID):
    job = jobs.get(job_id)
    if job is None:
        raise HTTPException(404, f"no job {job_id}")
    if job.data is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": job.data}
