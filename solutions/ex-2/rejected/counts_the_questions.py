"""The job gets on only when somebody asks for it.

Progress is counted in questions, not in seconds: a client that asks every second sees the
job done in fifteen, one that comes back after an hour finds it as it was.

Fails: AC3, AC5
"""

from typing import Dict
from uuid import UUID, uuid4

from fastapi import Body, FastAPI, HTTPException, Request, Response

app = FastAPI()
started: Dict[UUID, int] = {}


@app.post("/enrich", status_code=202)
async def enrich(request: Request, response: Response, company_domain: str = Body(..., embed=True)):
    job_id = uuid4()
    started[job_id] = 0
    response.headers["Location"] = str(request.url_for("status", job_id=job_id))
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
async def status(job_id: UUID):
    if job_id not in started:
        raise HTTPException(status_code=404)
    started[job_id] += 1
    if started[job_id] <= 15:
        return {"job_id": job_id, "status": "pending"}
    return {"job_id": job_id, "status": "complete", "data": {"industry": "Automotive", "company_size": 9}}
