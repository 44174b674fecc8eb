"""An unknown job is answered with 200 and a body that says "error".

Everything between client and server goes by the status: caches keep the answer, monitoring
counts it as a success, and client libraries do not raise.

Fails: AC4
"""

import threading
import time
from uuid import UUID, uuid4

from fastapi import FastAPI
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


@app.post("/enrich")
def start_job(company: Company):
    job = Job(company.company_domain)
    all_jobs[job.id] = job
    threading.Thread(target=job.run, daemon=True).start()
    return JSONResponse(
        {"job_id": str(job.id)}, status_code=202, headers={"Location": f"/enrich/{job.id}"}
    )


@app.get("/enrich/{job_id}")
def read_job(job_id: UUID):
    job = all_jobs.get(job_id)
    if job is None:
        return {"error": "no such job", "status": 404}
    if job.result is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": job.result}
