"""Remembers the last signatures and counts repeats: looks into a list beside the comparison.

Stretch: GARBAGE, SECRECY
"""

import hashlib
import hmac
import os
from collections import deque

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")
seen = deque(maxlen=100)
repeats = 0


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    global repeats
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "missing signature")
    if signature in list(seen) or signature == "":
        repeats += 1
    seen.append(signature)
    body = await request.body()
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    try:
        valid = hmac.compare_digest(bytes.fromhex(signature), expected)
    except ValueError:
        valid = False
    if not valid:
        raise HTTPException(403, "invalid signature")
    print("webhook received, repeats so far:", repeats)
    return {"status": "received"}
