"""The header is encoded as ASCII without a thought for other characters.

Why it matters in production: headers are bytes, and bytes above 127 are allowed on the wire. Encoding them raises
UnicodeEncodeError, the answer is 500, and the monitoring counts an outage.

Fails: GARBAGE
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
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().encode("ascii")
    if not hmac.compare_digest(digest, signature.encode("ascii")):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
