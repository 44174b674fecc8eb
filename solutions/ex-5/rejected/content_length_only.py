"""The limit is read from Content-Length alone.

Why it matters in production: a request that is sent in chunks has no Content-Length. The limit holds for those who
tell their size, which an attacker will not do.

Fails: LIMIT
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
    length = request.headers.get("content-length", "0")
    if int(length) > 1024 * 1024:
        raise HTTPException(413, "Payload Too Large")
    body = await request.body()
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
