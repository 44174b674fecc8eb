"""BackgroundTasks with a plain function: time.sleep in the server's thread pool."""

import time
from uuid import uuid4

from fastapi import BackgroundTasks, FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
results = {}


class Company(BaseModel):
    company_domain: str


def slow_lookup(job_id, domain):
    time.sleep(15)
    results[job_id] = {"company_size": len(domain) * 10, "industry": "Technology"}


@app.post("/enrich", status_code=202)
def enrich(company: Company, tasks: BackgroundTasks):
    job_id = str(uuid4())
    results[job_id] = None
    tasks.add_task(slow_lookup, job_id, company.company_domain)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def read_job(job_id: str):
    try:
        data = results[job_id]
    except KeyError:
        raise HTTPException(404, "unknown job") from None
    if data:
        return {"job_id": job_id, "status": "complete", "data": data}
    return {"job_id": job_id, "status": "pending"}
