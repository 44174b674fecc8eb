"""compare_digest of each 32-bit word of the two digests, always all eight.

Stretch: GARBAGE, LIMIT, SECRECY
"""

import hashlib
import hmac
import os
import struct

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def words(digest):
    return [word for (word,) in struct.iter_unpack("4s", digest)]


def same(expected, given):
    verdicts = [hmac.compare_digest(a, b) for a, b in zip(words(expected), words(given))]
    return verdicts == [True] * 8


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    try:
        given = bytes.fromhex(signature)
    except ValueError:
        raise HTTPException(403, "no signature") from None
    expected = hmac.new(SECRET, body, hashlib.sha256).digest()
    if len(signature) != 64 or len(given) != 32 or not same(expected, given):
        raise HTTPException(403, "wrong signature")
    print("webhook received")
    return {"status": "received"}
