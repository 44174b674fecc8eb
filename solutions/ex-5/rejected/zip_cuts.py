"""A loop over zip() ends with the shorter one, so the beginning of a signature is enough.

Why it matters in production: an attacker need not guess 64 digits. Two will do, and there are only
256 of those.

Fails: AC2
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def safe_equals(a: str, b: str) -> bool:
    result = 0
    for x, y in zip(a, b):
        result |= ord(x) ^ ord(y)
    return result == 0


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not safe_equals(expected, signature):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
