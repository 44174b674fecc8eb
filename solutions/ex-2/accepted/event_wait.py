"""threading.Event.wait(15) in a thread, so that the end of the service can cut it short.

Stretch: SHUTDOWN
"""

import threading
import uuid
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

closing = threading.Event()
threads = []


@asynccontextmanager
async def lifespan(app):
    yield
    closing.set()
    for thread in threads:
        thread.join()


app = FastAPI(lifespan=lifespan)
jobs = {}


class EnrichBody(BaseModel):
    company_domain: str


def lookup(job_id):
    if not closing.wait(15):
        jobs[job_id] = {"status": "complete", "data": {"company_size": 3}}


@app.post("/enrich", status_code=202)
def enrich(body: EnrichBody):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"status": "pending"}
    thread = threading.Thread(target=lookup, args=[job_id])
    threads.append(thread)
    thread.start()
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404)
    return {"job_id": job_id, **jobs[job_id]}
