"""asyncio.run in a thread for each job.

Stretch: SHUTDOWN
"""

import asyncio
import threading
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
JOBS = {}


class EnrichBody(BaseModel):
    company_domain: str


async def enrich_company(job_id, domain):
    await asyncio.sleep(15)
    JOBS[job_id] = {"status": "complete", "data": {"company": domain, "industry": "Media"}}


def in_thread(job_id, domain):
    asyncio.run(enrich_company(job_id, domain))


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichBody):
    job_id = str(uuid.uuid4())
    JOBS[job_id] = {"status": "pending"}
    thread = threading.Thread(target=in_thread, args=(job_id, body.company_domain), daemon=True)
    thread.start()
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in JOBS:
        raise HTTPException(status_code=404, detail="Job not found")
    return {"job_id": job_id, **JOBS[job_id]}
