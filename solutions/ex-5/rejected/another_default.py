"""The default is not the one that was agreed.

Why it matters in production: the tools of the team sign with the default that the ticket names. This service
refuses them all, and only on machines where nobody has set the variable.

Fails: AC6
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.getenv("CRM_WEBHOOK_SECRET", "secret")


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
