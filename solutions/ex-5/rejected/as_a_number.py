"""Reads the signature as a number, so that zeros in front do not count.

Why it matters in production: what is signed has then more than one right signature, and whatever tells requests apart by
it (a log, a list of those already handled) can be led astray.

Fails: AC2
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
    expected = hmac.new(SECRET, body, hashlib.sha256).digest()
    try:
        given = int(signature, 16).to_bytes(32, "big")
    except (ValueError, OverflowError):
        raise HTTPException(403, "no signature at all") from None
    if not hmac.compare_digest(expected, given):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
