"""A worker with a queue that looks up every tenth of a second which jobs are due.

Stretch: SHUTDOWN
"""

import queue
import threading
import time
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
inbox = queue.Queue()
jobs = {}


class EnrichBody(BaseModel):
    company_domain: str


def worker():
    waiting = {}
    while True:
        try:
            job_id = inbox.get(timeout=0.1)
            waiting[job_id] = time.perf_counter() + 15
        except queue.Empty:
            pass
        for job_id, end in list(waiting.items()):
            if time.perf_counter() >= end:
                jobs[job_id] = {"status": "complete", "data": {"industry": "Mining"}}
                del waiting[job_id]


threading.Thread(target=worker, daemon=True).start()


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichBody):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"status": "pending"}
    inbox.put(job_id)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404)
    return {"job_id": job_id, **jobs[job_id]}
