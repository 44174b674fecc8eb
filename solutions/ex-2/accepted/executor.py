"""A ThreadPoolExecutor with exactly twenty workers; the future is the state.

Stretch: SHUTDOWN
"""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
pool = ThreadPoolExecutor(max_workers=20)
futures = {}


class Enrich(BaseModel):
    company_domain: str


def call_provider(domain):
    time.sleep(15)
    return {"domain": domain, "company_size": 1200, "industry": "Logistics"}


@app.post("/enrich", status_code=202)
async def start(body: Enrich):
    job_id = uuid4()
    futures[job_id] = pool.submit(call_provider, body.company_domain)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    future = futures.get(job_id)
    if future is None:
        raise HTTPException(404, detail="job not found")
    if not future.done():
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": future.result()}
