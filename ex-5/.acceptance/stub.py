"""PROJ-105 · Secure webhook: the starter stub. The ticket is in README.md."""

from typing import Dict

from fastapi import FastAPI, HTTPException, Request

app = FastAPI(title="CRM webhook")

# TODO 1: read the secret from the environment variable CRM_WEBHOOK_SECRET, or use the default.


@app.post("/webhooks/crm", status_code=202)
async def receive_webhook(request: Request) -> Dict[str, str]:
    """Accept a message of the CRM if its signature is right."""
    # TODO 2: a request without the header X-CRM-Signature gives 400.
    # TODO 3: read the body as the bytes that were sent.
    # TODO 4: work out the signature that these bytes should have.
    # TODO 5: compare the two signatures in a timing-safe way; a wrong one gives 403.
    # TODO 6: write a message to the console, and answer {"status": "received"}.
    raise HTTPException(status_code=501, detail="POST /webhooks/crm is not written yet")
