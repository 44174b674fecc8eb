"""A body that is too large gives 400.

Why it matters in production: there is a code of its own for this, 413, and senders act on it: they split a batch and
send it again. With 400 they give it up as broken.

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
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(status_code=400, detail="Body exceeds 1 MiB")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
