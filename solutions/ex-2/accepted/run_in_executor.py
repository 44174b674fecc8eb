"""A task that awaits run_in_executor.

Stretch: SHUTDOWN
"""

import asyncio
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
executor = ThreadPoolExecutor(64)
tasks = {}


class Body(BaseModel):
    company_domain: str


async def enrich(domain: str) -> dict:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(executor, time.sleep, 15)
    return {"domain": domain, "industry": "Insurance"}


@app.post("/enrich", status_code=202)
async def post(body: Body):
    job_id = str(uuid.uuid4())
    tasks[job_id] = asyncio.ensure_future(enrich(body.company_domain))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def get(job_id: str):
    task = tasks.get(job_id)
    if not task:
        raise HTTPException(status_code=404)
    if task.done():
        return {"job_id": job_id, "status": "complete", "data": task.result()}
    return {"job_id": job_id, "status": "pending"}
