"""HMAC with SHA-1 where SHA-256 was agreed.

Why it matters in production: both sides compute faithfully and never agree, so every webhook is
refused. Many an example on the web is old enough to use SHA-1; the algorithm is part of the
contract and is read there.

Fails: AC1
Blocks: AC4, AC5, AC6, LIMIT, SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha1).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
