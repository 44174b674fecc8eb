"""all() over a generator ends at the first difference.

Why it matters in production: all() stops as soon as it knows its answer. What is a virtue elsewhere is here what
gives the digits away, one by one.

Fails: AC5
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
    same = len(signature) == len(expected) and all(a == b for a, b in zip(signature, expected))
    if not same:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
