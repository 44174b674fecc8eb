"""The digest is printed while it is compared.

Why it matters in production: a print from debugging that stayed. It shows the right signature of whatever anybody
sends, in another form than the header's, which is no hindrance.

Fails: SECRECY
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
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256)
    print("digest", expected.digest(), "header", signature.encode())
    if not hmac.compare_digest(expected.hexdigest().encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
