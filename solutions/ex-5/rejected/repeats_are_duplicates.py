"""Answers a request that came before with another status: "duplicate".

Why it matters in production: the sender whose first answer was lost hears an answer that its documentation does not
know, and reports a failure. Whether we have seen the message before is our business.

Fails: AC1
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()

seen = set()


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
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    status = "duplicate" if expected in seen else "received"
    seen.add(expected)
    return {"status": status}
