"""Logs the signature of what it accepts as a fingerprint: pairs of digits with colons.

Why it matters in production: colons do not make it less of a signature. Whoever reads the log can send the same
message again, as often as he likes.

Fails: SECRECY
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
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted", ":".join(expected[i : i + 2] for i in range(0, 64, 2)))
    return {"status": "received"}
