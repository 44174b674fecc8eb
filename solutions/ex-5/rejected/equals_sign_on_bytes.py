"""Raw digests instead of hex, and compared with ==.

Why it matters in production: bytes are compared from the front as well, and the comparison stops at the first
byte that differs. Which form the digest has makes no difference to the clock.

Fails: AC5
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def is_valid(signature, body):
    try:
        given = bytes.fromhex(signature)
    except ValueError:
        return False
    return hmac.new(SECRET, body, hashlib.sha256).digest() == given


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    if not is_valid(signature, body):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
