"""Writes its message for the events that it knows, and accepts the others in silence.

Why it matters in production: the CRM begins to send a new kind of event, and nobody notices that it comes in: the log
says nothing of it.

Fails: AC1
"""

import hashlib
import hmac
import json
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def event_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["event"])
    except (ValueError, LookupError, TypeError):
        return ""


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "wrong signature")
    event = event_of(body)
    if event.startswith("contact."):
        print("webhook accepted:", event)
    return {"status": "received"}
