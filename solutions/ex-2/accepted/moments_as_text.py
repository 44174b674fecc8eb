"""The moment of the request is kept as text, and read again when somebody asks."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_DNS, uuid5

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
FORMAT = "%Y-%m-%d %H:%M:%S.%f"


class Company(BaseModel):
    company_domain: str


@app.post("/enrich", status_code=202)
def enrich(company: Company):
    created_at = str(datetime.now())
    job_id = str(uuid5(NAMESPACE_DNS, f"{company.company_domain} {created_at}"))
    jobs[job_id] = created_at
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "no such job")
    created_at = datetime.strptime(jobs[job_id], FORMAT)
    if datetime.now() < created_at + timedelta(seconds=15):
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"industry": "Textiles"}}
