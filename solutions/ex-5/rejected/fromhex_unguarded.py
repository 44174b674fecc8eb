"""The header is turned into bytes without a thought for what is no hex.

Why it matters in production: bytes.fromhex raises ValueError for anything else, and that becomes a 500. What comes
from outside can be anything, and wrong input is the sender's fault, not a crash.

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
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    if not hmac.compare_digest(expected, bytes.fromhex(signature)):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
