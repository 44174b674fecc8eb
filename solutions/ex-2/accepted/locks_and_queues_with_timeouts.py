"""One thread that beats all the time, and jobs that wait by a lock or a queue whose time runs out.

Stretch: SHUTDOWN
"""

import itertools
import queue
import threading
import time
import uuid

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
turn = itertools.count()
held = threading.Lock()
held.acquire()
facts = {}


class Body(BaseModel):
    company_domain: str


def beat() -> None:
    while True:
        time.sleep(0.05)


def wait_for_the_queue() -> None:
    try:
        queue.SimpleQueue().get(timeout=15)
    except queue.Empty:
        pass


def wait_for_the_lock() -> None:
    held.acquire(timeout=15)


def run(job_id: str, wait) -> None:
    wait()
    facts[job_id] = {"industry": "Clocks"}


threading.Thread(target=beat, daemon=True).start()


@app.post("/enrich", status_code=202)
def post(body: Body):
    job_id = uuid.uuid4().hex
    facts[job_id] = None
    wait = (wait_for_the_queue, wait_for_the_lock)[next(turn) % 2]
    threading.Thread(target=run, args=(job_id, wait), daemon=True).start()
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def get(job_id: str):
    if job_id not in facts:
        raise HTTPException(status_code=404)
    if facts[job_id] is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": facts[job_id]}
