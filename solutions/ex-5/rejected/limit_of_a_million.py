"""The limit is a million bytes where a mebibyte was agreed.

Why it matters in production: 1 MiB is 1,048,576 bytes. Bodies between the two are rare, so it goes well for months,
until the one sender that fills its batches up to the limit fails with each of them.

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
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > 1_000_000:
            raise HTTPException(413, "Payload Too Large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
