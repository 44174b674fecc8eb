"""Nothing runs: the state is worked out from datetime, read when asked.

Stretch: SHUTDOWN
"""

from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
ends = {}


class Enrichment(BaseModel):
    company_domain: str


@app.post("/enrich", status_code=202)
def enrich(body: Enrichment):
    job_id = uuid4()
    ends[job_id] = datetime.now(timezone.utc) + timedelta(seconds=15)
    return {"job_id": job_id}


@app.get("/enrich/{job_id}")
def status(job_id: UUID):
    if job_id not in ends:
        raise HTTPException(status_code=404)
    if datetime.now(timezone.utc) < ends[job_id]:
        return {"job_id": job_id, "status": "pending"}
    data = {"company_size": 300, "industry": "Education"}
    return {"job_id": job_id, "status": "complete", "data": data}
