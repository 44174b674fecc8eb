"""A missing signature is treated like a wrong one.

Why it matters in production: the two have different causes. A wrong signature is an attack or a
wrong secret; a missing one is a sender that was never set up. With one code for both, whoever is
called at night looks in the wrong place first.

Fails: AC3
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def verify_signature(body: bytes, signature: str) -> bool:
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    if not verify_signature(body, request.headers.get("x-crm-signature", "")):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
