"""All jobs share one worker thread.

The twentieth of twenty customers waits five minutes for fifteen seconds of work, and the
queue grows for as long as requests come faster than one in fifteen seconds.

Fails: AC3, AC5
"""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI(title="Enrichment API")


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
pool = ThreadPoolExecutor(max_workers=1)


@app.post("/enrich")
def start_job(company: Company):
    job = Job(company.company_domain)
    all_jobs[job.id] = job
    pool.submit(job.run)
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
