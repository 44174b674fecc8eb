"""The Location leads to the collection, not to the job.

The address is the same for every job, so it says nothing that the client did not know, and
a GET there is not allowed.

Fails: LOCATION
"""

from datetime import datetime, timedelta
from typing import Dict
from uuid import UUID, uuid4

from fastapi import Body, FastAPI, HTTPException, Request, Response

app = FastAPI()
started: Dict[UUID, datetime] = {}


@app.post("/enrich", status_code=202)
async def enrich(request: Request, response: Response, company_domain: str = Body(..., embed=True)):
    job_id = uuid4()
    started[job_id] = datetime.now()
    response.headers["Location"] = request.url.path
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    if job_id not in started:
        raise HTTPException(status_code=404)
    if datetime.now() - started[job_id] < timedelta(seconds=15):
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"industry": "Automotive", "company_size": 9}}
