"""PROJ-102: accept a job at once, run it in the background, tell its status when asked."""

import asyncio
from typing import Any, Dict, Optional, Set
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException, Request, Response, status
from pydantic import BaseModel

app = FastAPI(title="Data enrichment")

PROVIDER_SECONDS = 15


class EnrichmentRequest(BaseModel):
    """What a client asks for."""

    company_domain: str


class JobAccepted(BaseModel):
    """The receipt for a job."""

    job_id: UUID


class JobStatus(BaseModel):
    """Where a job stands. `data` is there once it is complete."""

    job_id: UUID
    status: str
    data: Optional[Dict[str, Any]] = None


jobs: Dict[UUID, JobStatus] = {}

# The event loop holds tasks by weak references: without this, a running job could be collected.
running: Set["asyncio.Task[None]"] = set()


async def enrich(job_id: UUID, company_domain: str) -> None:
    """Ask the provider, which takes its time, and keep what it found."""
    await asyncio.sleep(PROVIDER_SECONDS)
    facts = {"company_domain": company_domain, "company_size": 250, "industry": "Software"}
    jobs[job_id] = JobStatus(job_id=job_id, status="complete", data=facts)


@app.post("/enrich", status_code=status.HTTP_202_ACCEPTED)
async def start_enrichment(
    body: EnrichmentRequest, request: Request, response: Response
) -> JobAccepted:
    """Start a job for a company and answer at once with its id."""
    job_id = uuid4()
    jobs[job_id] = JobStatus(job_id=job_id, status="pending")
    task = asyncio.create_task(enrich(job_id, body.company_domain))
    running.add(task)
    task.add_done_callback(running.discard)
    response.headers["Location"] = request.app.url_path_for("enrichment_status", job_id=job_id)
    return JobAccepted(job_id=job_id)


@app.get("/enrich/{job_id}", response_model_exclude_none=True)
async def enrichment_status(job_id: UUID) -> JobStatus:
    """Tell whether the job is pending or complete, and what it found."""
    if job_id not in jobs:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Job not found")
    return jobs[job_id]
