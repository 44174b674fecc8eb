"""A refused request is logged with the signature that would have been right.

Why it matters in production: it is the most useful line while debugging, and a present to everybody who can read the
log: send any body, read its right signature there, send it again.

Fails: SECRECY
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
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        print(f"Invalid signature: expected {expected}, got {signature!r}")
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
