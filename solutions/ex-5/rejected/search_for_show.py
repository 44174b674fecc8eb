"""compare_digest is called for its looks, and startswith decides.

Why it matters in production: a reviewer searches the code for compare_digest, finds it and is content. What
counts is what decides, and startswith stops at the first difference.

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
    hmac.compare_digest(signature.encode(), expected.encode())
    if len(signature) != 64 or not expected.startswith(signature):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
