"""Logs how much a wrong signature resembles the right one.

Why it matters in production: compare_digest decides, and beside it runs a comparison whose time depends on how good
the guess is. The log tells the same to whoever can read it.

Fails: AC5
"""

import difflib
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
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        alike = difflib.SequenceMatcher(None, expected, signature[:64], autojunk=False).ratio()
        print(f"refused: {alike:.0%} of the signature are right")
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
