"""There is room for one job: the newest replaces the others.

State for one is kept in module-level names. It works as long as one person tries it; with
two, each request wipes out what the other is waiting for.

Fails: AC2, AC3, AC5
"""

import asyncio
import uuid

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()

current_id = None
current_data = None
current_task = None


class EnrichRequest(BaseModel):
    company_domain: str


async def run_job(domain):
    global current_data
    await asyncio.sleep(15)
    current_data = {"domain": domain, "company_size": 50}


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest, response: Response):
    global current_id, current_data, current_task
    current_id = str(uuid.uuid4())
    current_data = None
    current_task = asyncio.create_task(run_job(body.company_domain))
    response.headers["Location"] = f"/enrich/{current_id}"
    return {"job_id": current_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str):
    if job_id != current_id:
        raise HTTPException(404, "unknown job")
    if current_data is None:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": current_data}
