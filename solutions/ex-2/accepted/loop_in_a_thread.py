"""A second event loop in a thread of its own runs the jobs.

Stretch: SHUTDOWN
"""

import asyncio
import threading
import uuid
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

worker_loop = asyncio.new_event_loop()
jobs = {}


@asynccontextmanager
async def lifespan(app):
    thread = threading.Thread(target=worker_loop.run_forever, daemon=True)
    thread.start()
    yield
    worker_loop.call_soon_threadsafe(worker_loop.stop)
    thread.join(1)


app = FastAPI(lifespan=lifespan)


class EnrichBody(BaseModel):
    company_domain: str


async def lookup(domain):
    await asyncio.sleep(15)
    return {"domain": domain, "headcount": 9}


@app.post("/enrich", status_code=202)
def enrich(body: EnrichBody):
    job_id = str(uuid.uuid4())
    coroutine = lookup(body.company_domain)
    jobs[job_id] = asyncio.run_coroutine_threadsafe(coroutine, worker_loop)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404)
    if not jobs[job_id].done():
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": jobs[job_id].result()}
