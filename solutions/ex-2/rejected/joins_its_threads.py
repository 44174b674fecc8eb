"""At the end every job's thread is joined.

A thread in the middle of a sleep cannot be told anything, so the service sits out the
longest of them while the new version waits for its port.

Fails: SHUTDOWN
"""

import threading
import time
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel

threads = []


@asynccontextmanager
async def lifespan(app):
    yield
    for thread in threads:
        thread.join()


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
    thread = threading.Thread(target=job.run)
    threads.append(thread)
    thread.start()
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
