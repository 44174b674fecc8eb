"""str() of a dictionary is taken for its JSON.

Why it matters in production: str() writes Python, with single quotes, True and None. No sender in
the world signs that, so every webhook is refused.

Fails: AC1
Blocks: AC4, AC5, AC6, LIMIT, SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    if len(await request.body()) > 1024 * 1024:
        raise HTTPException(413, "too large")
    try:
        body = await request.json()
    except ValueError:
        body = None
    expected = hmac.new(SECRET.encode(), str(body).encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
