"""One thread that waits on a condition until the earliest job is due.

Stretch: SHUTDOWN
"""

import heapq
import threading
import time
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
changed = threading.Condition()
due = []
jobs = {}


class EnrichBody(BaseModel):
    company_domain: str


def scheduler():
    while True:
        with changed:
            while not due:
                changed.wait()
            left = due[0][0] - time.monotonic()
            if left > 0:
                changed.wait(left)
            else:
                _, job_id = heapq.heappop(due)
                jobs[job_id] = {"company_size": 640, "industry": "Pharma"}


threading.Thread(target=scheduler, daemon=True).start()


@app.post("/enrich", status_code=202)
def enrich(body: EnrichBody):
    job_id = uuid4()
    with changed:
        jobs[job_id] = None
        heapq.heappush(due, (time.monotonic() + 15, job_id))
        changed.notify()
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: UUID):
    with changed:
        if job_id not in jobs:
            raise HTTPException(404)
        data = jobs[job_id]
    if data is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": data}
