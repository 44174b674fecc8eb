"""The time that has passed is worked out from the second of the minute.

It works for three quarters of every minute. A job that is started in the last quarter ends in
the next minute, where the second is smaller than before, and stays pending.

Fails: AC3, AC5
"""

from datetime import datetime
from typing import Dict
from uuid import UUID, uuid4

from fastapi import Body, FastAPI, HTTPException, Request, Response

app = FastAPI()
started: Dict[UUID, float] = {}


def second() -> float:
    now = datetime.now()
    return now.second + now.microsecond / 1e6


@app.post("/enrich", status_code=202)
async def enrich(request: Request, response: Response, company_domain: str = Body(..., embed=True)):
    job_id = uuid4()
    started[job_id] = second()
    response.headers["Location"] = str(request.url_for("status", job_id=job_id))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    if job_id not in started:
        raise HTTPException(status_code=404)
    if second() - started[job_id] < 15:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"industry": "Rail", "company_size": 70}}
