"""Takes quotation marks off the ends of the secret, with the blanks.

Why it matters in production: a generated secret may end in any character. When one does, every signature is wrong, and
both sides hold the same secret and do not see why.

Fails: AC6
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").strip().strip("\"'").encode()


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
    return {"status": "received"}
