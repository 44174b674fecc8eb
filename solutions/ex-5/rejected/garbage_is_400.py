"""A header that is no hex gives 400.

Why it matters in production: it seems the more precise answer. But a signature that cannot be right is a wrong
one, and two codes for the same thing tell an attacker which of his attempts looked plausible.

Fails: GARBAGE
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    try:
        given = bytes.fromhex(signature)
    except ValueError:
        raise HTTPException(400, "the signature is not hexadecimal")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    if not hmac.compare_digest(expected, given):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
