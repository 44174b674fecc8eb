"""A pool of threads from multiprocessing: its locks could be shared between processes, and are not.

Stretch: SHUTDOWN
"""

import time
import uuid
from multiprocessing.pool import ThreadPool

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
pool = ThreadPool(30)
results = {}


class Body(BaseModel):
    company_domain: str


def look_up(domain: str) -> dict:
    time.sleep(15)
    return {"domain": domain, "company_size": 40}


@app.post("/enrich", status_code=202)
def post(body: Body):
    job_id = str(uuid.uuid4())
    results[job_id] = pool.apply_async(look_up, (body.company_domain,))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def get(job_id: str):
    if job_id not in results:
        raise HTTPException(status_code=404)
    if not results[job_id].ready():
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": results[job_id].get()}
