"""Keeps the start of a job in whole seconds.

A job that starts at the end of a second is complete almost a second early, so most are, a little: what
is kept of a time decides what can be said of it.

Fails: AC2, LOCATION
"""

import time
import uuid
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}


class Body(BaseModel):
    company_domain: str


@app.post("/enrich", status_code=202)
def post(body: Body):
    job_id = uuid.uuid4()
    jobs[job_id] = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime())
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def get(job_id: uuid.UUID):
    if job_id not in jobs:
        raise HTTPException(404)
    if time.time() - time.mktime(time.strptime(jobs[job_id], "%Y-%m-%d %H:%M:%S")) >= 15:
        return {"job_id": job_id, "status": "complete", "data": {"size": 1}}
    return {"job_id": job_id, "status": "pending"}
