"""Only the first sixteen digits of the signature are compared.

Why it matters in production: whoever signs pays for 256 bits, and the check throws 192 of them
away. A signature that was cut off on its way, or changed near its end, passes as well.

Fails: AC2
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()
SIGNATURE_LENGTH = 16


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    given = signature.encode()[:SIGNATURE_LENGTH]
    if not hmac.compare_digest(expected[:SIGNATURE_LENGTH].encode(), given):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
