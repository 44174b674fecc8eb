"""The executor is closed at the end, and closing it waits for its threads.

Leaving the `with` block joins every worker, each in the middle of a sleep that nothing can
interrupt.

Fails: SHUTDOWN
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app):
    with ThreadPoolExecutor(max_workers=50) as pool:
        app.state.pool = pool
        yield


app = FastAPI(title="Enrichment API", lifespan=lifespan)


class Company(BaseModel):
    company_domain: str


class Job:
    def __init__(self, domain):
        self.id = uuid4()
        self.domain = domain
        self.result = None

    def run(self):
        time.sleep(15)
        self.result = {"company_size": 85, "industry": "Health"}


all_jobs = {}


@app.post("/enrich")
def start_job(company: Company):
    job = Job(company.company_domain)
    all_jobs[job.id] = job
    app.state.pool.submit(job.run)
    return JSONResponse(
        {"job_id": str(job.id)}, status_code=202, headers={"Location": f"/enrich/{job.id}"}
    )


@app.get("/enrich/{job_id}")
def read_job(job_id: UUID):
    job = all_jobs.get(job_id)
    if job is None:
        raise HTTPException(404, "no such job")
    if job.result is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": job.result}
