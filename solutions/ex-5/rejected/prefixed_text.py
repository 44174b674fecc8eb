"""Both sides are put into the same text, and the texts are compared.

Why it matters in production: "sha256=" before both changes nothing: the texts agree as far as the digits do, and
the comparison stops where they stop.

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
    if f"sha256={signature}" == f"sha256={expected}":
        print("signature is valid")
    else:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
