"""A warning about the default names the default.

Why it matters in production: the line was meant well: set the variable! But it tells the secret in force to
everybody who reads the log, just on those machines where the secret is the known one.

Fails: SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET")
if SECRET is None:
    SECRET = "dev-webhook-secret"
    print(f"WARNING: CRM_WEBHOOK_SECRET is not set, using {SECRET!r}")


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
