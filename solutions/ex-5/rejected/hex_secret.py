"""Takes a secret that looks like hex for bytes written in hex.

Why it matters in production: it works until somebody makes the secret with `openssl rand -hex 32`. The two sides then use
different keys, and nothing on either side says so.

Fails: AC6
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def key() -> bytes:
    secret = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")
    try:
        return bytes.fromhex(secret)
    except ValueError:
        return secret.encode()


SECRET = key()


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
    print("webhook accepted")
    return {"status": "received"}
