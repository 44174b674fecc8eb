"""Compares the raw digests: the header is turned into bytes first, and what is no hex is refused.

Stretch: GARBAGE, LIMIT, SECRECY
"""

import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
KEY = os.getenv("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode("utf-8")
MAX_BYTES = 1 << 20


@app.post("/webhooks/crm", status_code=202)
async def crm_webhook(request: Request):
    header = request.headers.get("x-crm-signature")
    if header is None:
        raise HTTPException(400, "missing signature")
    if int(request.headers.get("content-length", 0)) > MAX_BYTES:
        raise HTTPException(413, "too large")
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_BYTES:
            raise HTTPException(413, "too large")
    try:
        given = bytes.fromhex(header)
    except ValueError:
        raise HTTPException(403, "bad signature") from None
    if not hmac.compare_digest(hmac.digest(KEY, raw, "sha256"), given):
        raise HTTPException(403, "bad signature")
    print("webhook ok", len(raw), "bytes")
    return {"status": "received"}
