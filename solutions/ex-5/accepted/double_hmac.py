"""Double HMAC: both signatures are hashed under a random key, so that == tells nothing of them.

Stretch: GARBAGE, SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def same(a: bytes, b: bytes) -> bool:
    blind = os.urandom(32)
    return (
        hmac.new(blind, a, hashlib.sha256).digest() == hmac.new(blind, b, hashlib.sha256).digest()
    )


@app.post("/webhooks/crm", status_code=202)
async def crm_webhook(request: Request):
    given = request.headers.get("x-crm-signature")
    if given is None:
        raise HTTPException(status_code=400, detail="Missing X-CRM-Signature")
    body = await request.body()
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not same(given.encode("latin-1"), expected.encode("latin-1")):
        raise HTTPException(status_code=403, detail="Invalid signature")
    print("webhook accepted")
    return {"status": "received"}
