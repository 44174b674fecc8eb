"""Refuses a request that came before, as a replay.

Why it matters in production: a sender that did not hear our answer sends again, is refused, and goes on trying or
gives the message up as lost. A repeat that does no harm is answered as the first one was.

Fails: AC1
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()

seen = set()


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
    if expected in seen:
        raise HTTPException(409, "seen before")
    seen.add(expected)
    print("webhook accepted")
    return {"status": "received"}
