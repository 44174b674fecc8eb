"""Fills a signature that is too short with zeros in front.

Why it matters in production: what is signed has then more than one right signature, and whatever tells requests apart by
it can be led astray. It is found late: one signature in sixteen begins with a zero.

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
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode().rjust(64, b"0")):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
