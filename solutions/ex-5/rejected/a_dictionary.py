"""The right signature is a key of a dictionary, and the header is looked up in it.

Why it matters in production: a look-up compares hashes first and then the strings themselves, and nobody has
promised anything about the time that this takes. What is not built to be timing-safe is not.

Fails: AC5
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    valid = {expected: True}
    try:
        valid[signature]
    except KeyError:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
