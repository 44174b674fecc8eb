"""startswith in place of equality: any beginning of the right signature is right.

Why it matters in production: an attacker guesses the first digit in sixteen tries and is in.
Besides, startswith stops at the first difference, so its time tells how good a guess was.

Fails: AC2, AC5
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
    if not expected.startswith(signature):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
