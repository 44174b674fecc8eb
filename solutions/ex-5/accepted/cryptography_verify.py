"""HMAC and comparison both by the cryptography package.

Stretch: GARBAGE, LIMIT, SECRECY
Needs: cryptography
"""

import logging
import os

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from fastapi import FastAPI, HTTPException, Request

logging.basicConfig(level="INFO")
app = FastAPI()
key = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def verify(body: bytes, signature: str) -> bool:
    mac = HMAC(key, hashes.SHA256())
    mac.update(body)
    try:
        mac.verify(bytes.fromhex(signature))
    except (InvalidSignature, ValueError):
        return False
    return True


@app.post("/webhooks/crm", status_code=202)
async def crm(request: Request) -> dict:
    if "x-crm-signature" not in request.headers:
        raise HTTPException(400, "signature missing")
    body = await request.body()
    if len(body) > 2**20:
        raise HTTPException(413, "too large")
    if not verify(body, request.headers["x-crm-signature"]):
        raise HTTPException(403, "signature wrong")
    logging.info("webhook received")
    return {"status": "received"}
