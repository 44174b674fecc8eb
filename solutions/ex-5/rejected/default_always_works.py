"""The default is accepted beside the secret that was set.

Why it matters in production: it was handy while testing and stayed. The default stands in the ticket and in the
documentation, so now everybody can sign for production.

Fails: AC6
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
DEFAULT = "dev-webhook-secret"
SECRETS = {DEFAULT, os.environ.get("CRM_WEBHOOK_SECRET", DEFAULT)}


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    valid = False
    for secret in SECRETS:
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        valid |= hmac.compare_digest(expected.encode(), signature.encode())
    if not valid:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
