"""A body of exactly the limit is refused.

Why it matters in production: ">=" where ">" belongs: a body of exactly 1 MiB is allowed by the ticket. Senders that
cut their batches to the limit hit this case with every full one.

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
    body = bytearray()
    async for chunk in request.stream():
        body.extend(chunk)
        if len(body) >= 1024 * 1024:
            raise HTTPException(413, "Payload Too Large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
