"""Remembers the signatures that were right, and lets them in without looking again.

Why it matters in production: who overhears one request may send anything with its signature, from then
on and until the next restart.

Fails: AC2
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()

known = set()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if signature not in known and not hmac.compare_digest(
        expected.encode(), signature.encode()
    ):
        raise HTTPException(403, "wrong signature")
    known.add(signature)
    print("webhook accepted")
    return {"status": "received"}
