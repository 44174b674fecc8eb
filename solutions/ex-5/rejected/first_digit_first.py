"""The first digit is looked at before the rest is compared in a timing-safe way.

Why it matters in production: "most guesses need no comparison at all" is the thought that makes ==
unsafe. The answer comes a little sooner where the first digit is wrong, and sixteen guesses tell it.

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
    given = signature.encode()
    if expected.encode()[:1] != given[:1] or not hmac.compare_digest(expected.encode(), given):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
