"""A thread for each job.

Stretch: LOCATION, SHUTDOWN
"""

import threading
import uuid
from time import sleep

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()
lock = threading.Lock()
jobs = {}


class EnrichRequest(BaseModel):
    company_domain: str


def work(job_id):
    sleep(15)
    with lock:
        jobs[job_id]["status"] = "complete"
        jobs[job_id]["data"] = {"company_size": "51-200", "industry": "Fintech"}


@app.post("/enrich")
def create(req: EnrichRequest):
    job_id = str(uuid.uuid4())
    with lock:
        jobs[job_id] = {"job_id": job_id, "status": "pending"}
    threading.Thread(target=work, args=(job_id,), daemon=True).start()
    headers = {"Location": f"/enrich/{job_id}"}
    return JSONResponse({"job_id": job_id}, status_code=202, headers=headers)


@app.get("/enrich/{job_id}")
def read(job_id: str):
    with lock:
        job = jobs.get(job_id)
        if job is None:
            raise HTTPException(status_code=404)
        return dict(job)
