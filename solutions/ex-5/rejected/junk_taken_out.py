"""Takes out of the header whatever is no hex digit, before it compares.

Why it matters in production: what is signed has then any number of right signatures. A header that does not have the
agreed form is not from the sender that we agreed it with.

Fails: GARBAGE
"""

import hashlib
import hmac
import os
import re

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
    digits = re.sub("[^0-9a-f]", "", signature)
    if not hmac.compare_digest(expected.encode(), digits.encode()):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
