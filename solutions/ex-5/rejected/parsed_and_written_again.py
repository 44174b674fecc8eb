"""The body is parsed, written again as JSON, and that is what the signature is checked over.

Why it matters in production: it works as long as both sides use the same library with the same
settings. Then the CRM is updated, leaves out the space after a colon or writes an umlaut as it is,
and from one minute to the next every signature is wrong. Which bytes were signed, only those bytes
tell.

Fails: AC4
"""

import hashlib
import hmac
import json
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    raw = await request.body()
    if len(raw) > 1024 * 1024:
        raise HTTPException(413, "too large")
    try:
        payload = json.loads(raw)
    except ValueError:
        raise HTTPException(400, "no JSON")
    expected = hmac.new(SECRET, json.dumps(payload).encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
