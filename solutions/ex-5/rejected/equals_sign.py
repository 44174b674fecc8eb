"""The signatures are compared with !=.

Why it matters in production: comparing strings stops at the first character that differs, so the answer comes
a little later for every digit that is right. With patience and many requests that difference can be
measured, and a signature be guessed digit by digit: 1,024 tries where there should be 2^256.

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
    if signature != expected:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
