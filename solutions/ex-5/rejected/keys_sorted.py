"""The body is brought into a canonical form with sorted keys before it is signed.

Why it matters in production: canonical forms need both sides to agree on every detail of them,
numbers and escapes included, and this side has invented its own. The CRM signs what it sends.

Fails: AC4
"""

import hashlib
import hmac
import json
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def canonical(data) -> bytes:
    return json.dumps(data, sort_keys=True).encode("utf-8")


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    if len(await request.body()) > 1024 * 1024:
        raise HTTPException(413, "too large")
    try:
        data = await request.json()
    except ValueError:
        raise HTTPException(403, "invalid signature")
    expected = hmac.new(SECRET, canonical(data), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
