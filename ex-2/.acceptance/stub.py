"""PROJ-102: accept a job at once, run it in the background, tell its status when asked."""

from fastapi import FastAPI, HTTPException

app = FastAPI(title="Data enrichment")

# TODO 1: a place in memory for the jobs: which run, which are done, and what they found.

# TODO 2: a model for the body of the request, with the field `company_domain`.


# TODO 3: the job itself. `asyncio.sleep(15)` stands in for the slow provider;
# after that the job keeps some mock facts.


@app.post("/enrich", status_code=202)
async def start_enrichment() -> dict:
    """Start a job for a company and answer at once with its id."""
    # TODO 4: take the body, make a new job id, start the job, answer {"job_id": ...} at once.
    raise HTTPException(status_code=501, detail="POST /enrich is not written yet")


@app.get("/enrich/{job_id}")
async def enrichment_status(job_id: str) -> dict:
    """Tell whether the job is pending or complete, and what it found."""
    # TODO 5: pending, complete with data, or 404 when there is no such job.
    raise HTTPException(status_code=501, detail="GET /enrich/{job_id} is not written yet")
