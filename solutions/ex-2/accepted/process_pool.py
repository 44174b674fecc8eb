"""A pool of processes: a job's sleep is in a process of its own, which no driven clock reaches.

There are as many processes as jobs may come at once; with as many as the machine has processors,
twenty jobs would wait for each other.
"""

import time
import uuid
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import asynccontextmanager
from typing import AsyncIterator, Dict

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

jobs: Dict[str, "Future[dict]"] = {}


class EnrichmentRequest(BaseModel):
    company_domain: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = ProcessPoolExecutor(max_workers=24)
    yield


app = FastAPI(title="Enrichment in processes", lifespan=lifespan)


def look_up(company_domain: str) -> dict:
    time.sleep(15)
    return {"domain": company_domain, "employees": 120}


@app.post("/enrich", status_code=202)
def enrich(body: EnrichmentRequest) -> dict:
    job_id = str(uuid.uuid4())
    jobs[job_id] = app.state.pool.submit(look_up, body.company_domain)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: str) -> dict:
    if job_id not in jobs:
        raise HTTPException(status_code=404, detail="No such job")
    job = jobs[job_id]
    if not job.done():
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": job.result()}
