"""Jobs and requests share one pool of twenty threads.

All is well with nineteen jobs. With twenty, nobody is left to tell how they are doing, and
the monitoring takes the service for dead while it works as it should.

Fails: AC5, SHUTDOWN, LOCATION
"""

import asyncio
import uuid
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
jobs = {}
tasks = set()


class Body(BaseModel):
    company_domain: str


def spawn(coro):
    task = asyncio.create_task(coro)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


import time
from contextlib import asynccontextmanager
import anyio.to_thread
from starlette.background import BackgroundTask
from fastapi import BackgroundTasks


@asynccontextmanager
async def lifespan(app):
    anyio.to_thread.current_default_thread_limiter().total_tokens = 20
    yield


app = FastAPI(lifespan=lifespan)


def work(job_id, domain):
    time.sleep(15)
    jobs[job_id].update(status="complete", data={"domain": domain, "company_size": 50})


@app.post("/enrich", status_code=202)
async def post(body: Body, background: BackgroundTasks):
    job_id = str(uuid.uuid4())
    jobs[job_id] = {"job_id": job_id, "status": "pending"}
    background.add_task(work, job_id, body.company_domain)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def get(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "Job not found")
    return jobs[job_id]
