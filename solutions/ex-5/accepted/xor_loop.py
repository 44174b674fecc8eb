"""A loop of its own that always runs to its end and collects the differences.

Stretch: GARBAGE, LIMIT, SECRECY
"""

import hashlib
import hmac
import logging
import os
import sys

from fastapi import FastAPI, HTTPException, Request

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)
logger.addHandler(logging.StreamHandler(sys.stdout))

app = FastAPI()
secret_key = bytes(os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret"), "utf-8")


def constant_time_equal(left: str, right: str) -> bool:
    if len(left) != len(right):
        return False
    difference = 0
    for a, b in zip(left, right):
        difference |= ord(a) ^ ord(b)
    return difference == 0


@app.post("/webhooks/crm", status_code=202)
async def handle(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "missing signature")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > 1_048_576:
            raise HTTPException(413, "body too large")
        chunks.append(chunk)
    expected = hmac.new(secret_key, b"".join(chunks), hashlib.sha256).hexdigest()
    if not constant_time_equal(expected, signature):
        raise HTTPException(403, "invalid signature")
    logger.info("CRM webhook accepted")
    return {"status": "received"}
