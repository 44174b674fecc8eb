"""A threading.Timer that finishes the job.

Stretch: SHUTDOWN
"""

import threading
from uuid import UUID, uuid4

from fastapi import Body, FastAPI, HTTPException

app = FastAPI()
jobs = {}


@app.post("/enrich", status_code=202)
async def enrich(company_domain: str = Body(..., embed=True)):
    job_id = uuid4()
    jobs[job_id] = {"job_id": job_id, "status": "pending"}

    def finish():
        data = {"domain": company_domain, "company_size": 12, "industry": "Agriculture"}
        jobs[job_id] = {"job_id": job_id, "status": "complete", "data": data}

    timer = threading.Timer(15, finish)
    timer.daemon = True
    timer.start()
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def job(job_id: UUID):
    if job_id not in jobs:
        raise HTTPException(404)
    return jobs[job_id]
