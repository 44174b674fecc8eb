"""After ten wrong signatures nothing is let in any more.

Why it matters in production: whoever knows the URL sends ten requests, and the CRM is locked out. A signature
cannot be guessed, so there is nothing to gain by counting.

Fails: AC1
Blocks: AC4, AC5, AC6, LIMIT, SECRECY
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()

wrong = 0


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    global wrong
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if wrong >= 10 or not hmac.compare_digest(expected.encode(), signature.encode()):
        wrong += 1
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
