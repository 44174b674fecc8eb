"""FastAPI is left to refuse a missing header, and does it with 422.

Why it matters in production: a declared header without a default is validated before the code
runs. The answer is the framework's and not the one that was agreed with the CRM, whose retry rules
know 400.

Fails: AC3
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, Header, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request, x_crm_signature: str = Header(...)):
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), x_crm_signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
