"""Both signatures are turned round before they are compared with ==.

Why it matters in production: an attacker who can measure how far a comparison gets does not care at which end
it begins. The last digit is guessed first then.

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
    if signature[::-1] != expected[::-1]:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
