"""Ids of 32 hex digits, and a file whose time stamp tells the time, through AnyIO alone."""

import uuid

from anyio import Path
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
started = {}


class EnrichRequest(BaseModel):
    company_domain: str


async def now() -> float:
    stamp = Path("clock.stamp")
    await stamp.write_text("tick", encoding="utf-8")
    return (await stamp.stat()).st_mtime


@app.post("/enrich", status_code=202)
async def enrich(body: EnrichRequest) -> dict:
    job_id = uuid.uuid4().hex
    started[job_id] = await now()
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: str) -> dict:
    if job_id not in started:
        raise HTTPException(404, "Job not found")
    if await now() - started[job_id] < 15:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"company_size": 120}}
