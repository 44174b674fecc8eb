"""Answers 200 where the ticket asks for 202.

Why it matters in production: 202 says "taken over, the work is done later", 200 says "done". A
sender that trusts the code will believe that its change is visible everywhere already.

Fails: AC1
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
secret = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm")
async def webhook(request: Request):
    sig = request.headers.get("X-CRM-Signature")
    if sig is None:
        raise HTTPException(400, "Missing X-CRM-Signature header")
    raw = await request.body()
    if len(raw) > 1048576:
        raise HTTPException(413)
    good = hmac.new(secret, raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(good.encode(), sig.encode()):
        raise HTTPException(403, "Bad signature")
    print("Webhook accepted")
    return {"status": "received"}
