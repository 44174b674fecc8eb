"""One task over a heap of jobs in the order in which they fall due; a middleware counts by time."""

import asyncio
import heapq
import time
from contextlib import asynccontextmanager
from uuid import uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

heap = []
jobs = {}


async def complete_what_is_due():
    while True:
        while heap and heap[0][0] <= time.monotonic():
            _, job = heapq.heappop(heap)
            job.update(status="complete", data={"industry": "Cement", "company_size": 33})
        await asyncio.sleep(0.1)


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.began = time.perf_counter()
    app.state.requests = 0
    task = asyncio.create_task(complete_what_is_due())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


class Company(BaseModel):
    company_domain: str


@app.middleware("http")
async def throughput(request, call_next):
    app.state.requests += 1
    response = await call_next(request)
    per_second = app.state.requests / (time.perf_counter() - app.state.began)
    response.headers["X-Throughput"] = f"{per_second:.1f}"
    return response


@app.post("/enrich", status_code=202)
async def enrich(company: Company):
    job = {"job_id": str(uuid4()), "status": "pending"}
    jobs[job["job_id"]] = job
    heapq.heappush(heap, (time.monotonic() + 15, job))
    return {"job_id": job["job_id"]}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id not in jobs:
        raise HTTPException(404, "no such job")
    return jobs[job_id]
