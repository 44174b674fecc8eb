"""The job is complete at once: nothing is ever pending.

The rest of the system is built and tested against a lookup that takes no time, and falls
over on the day when it takes fifteen seconds.

Fails: AC2, AC3
"""

from datetime import datetime
from typing import Dict
from uuid import UUID, uuid4

from fastapi import Body, FastAPI, HTTPException, Request, Response

app = FastAPI()
started: Dict[UUID, datetime] = {}


@app.post("/enrich", status_code=202)
async def enrich(request: Request, response: Response, company_domain: str = Body(..., embed=True)):
    job_id = uuid4()
    started[job_id] = datetime.now()
    response.headers["Location"] = str(request.url_for("status", job_id=job_id))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    if job_id not in started:
        raise HTTPException(status_code=404)
    return {"job_id": job_id, "status": "complete", "data": {"industry": "Automotive", "company_size": 9}}
