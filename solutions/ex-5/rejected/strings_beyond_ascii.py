"""compare_digest is given the header as a string, whatever is in it.

Why it matters in production: it takes strings of ASCII only, and raises TypeError for all others. One odd byte in
a header, and the answer is 500: an alarm at night that anybody on the internet can ring.

Fails: GARBAGE
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
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
