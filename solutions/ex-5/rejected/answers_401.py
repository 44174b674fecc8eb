"""A wrong signature gives another status than 403: 401, say.

Why it matters in production: 401 means "tell me who you are", and clients answer it by asking for
credentials and trying again. Who sends a wrong signature has told already; the answer is no.

Fails: AC2, GARBAGE
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    if "x-crm-signature" not in request.headers:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest().encode()
    if not hmac.compare_digest(expected, request.headers["x-crm-signature"].encode()):
        raise HTTPException(401, "Unauthorized")
    print("webhook received")
    return {"status": "received"}
