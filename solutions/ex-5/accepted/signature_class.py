"""A class of its own for signatures, whose == is timing-safe.

Stretch: GARBAGE, SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


class Signature:
    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Signature):
            return NotImplemented
        return hmac.compare_digest(self.text.encode(), other.text.encode())

    @classmethod
    def of(cls, body: bytes, secret: str) -> "Signature":
        return cls(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    header = request.headers.get("x-crm-signature")
    if header is None:
        raise HTTPException(400, "no signature")
    secret = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")
    if Signature(header) != Signature.of(await request.body(), secret):
        raise HTTPException(403, "wrong signature")
    print("webhook:", "received")
    return {"status": "received"}
