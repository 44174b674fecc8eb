"""Counts the bytes of all bodies together, and never begins anew.

Why it matters in production: it works for a day. Then a mebibyte has come in, and every message is refused as too
large until somebody starts the service again.

Fails: LIMIT
Blocks: SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


class Meter:
    total = 0

    @classmethod
    async def read(cls, request: Request) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            cls.total += len(chunk)
            if cls.total > 1024 * 1024:
                raise HTTPException(413, "too large")
        return bytes(body)


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await Meter.read(request)
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
