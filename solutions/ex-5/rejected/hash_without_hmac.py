"""A plain SHA-256 of secret and body in place of HMAC.

Why it matters in production: the two are different numbers, so nothing the CRM sends is accepted.
And if the CRM did the same, it would be weaker: from the hash of "secret + message" the hash of a
longer message can be worked out without the secret (length extension). HMAC was made to prevent
that.

Fails: AC1
Blocks: AC4, AC5, AC6, LIMIT, SECRECY
"""

import hashlib
import os
import secrets

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")


def make_signature(payload: bytes) -> str:
    return hashlib.sha256(SECRET.encode() + payload).hexdigest()


@app.post("/webhooks/crm", status_code=202)
async def crm(request: Request):
    header = request.headers.get("x-crm-signature")
    if header is None:
        raise HTTPException(400, "X-CRM-Signature header missing")
    payload = await request.body()
    if len(payload) > 1024 * 1024:
        raise HTTPException(413, "too large")
    if not secrets.compare_digest(make_signature(payload).encode(), header.encode()):
        raise HTTPException(403, "signature mismatch")
    print("received a webhook")
    return {"status": "received"}
