"""PROJ-101: take in leads, and say which of them are worth a call."""

from fastapi import FastAPI, HTTPException

app = FastAPI(title="Leads")

# TODO 1: a model for the body of the request, with the six fields of the ticket.
# `EmailStr` of pydantic knows what an e-mail address is.

# TODO 2: a model for the answer: the six fields, `lead_id`, `status`, `qualification_notes`.


# TODO 3: the three rules. Which of them does a lead fail, and what would you tell a salesperson?


@app.post("/leads", status_code=201)
def create_lead() -> dict:
    """Take in a lead."""
    # TODO 4: take the body as a parameter, apply the rules, answer with the lead.
    raise HTTPException(status_code=501, detail="POST /leads is not written yet")
