"""Signs the body's text with its letters composed: an "u" and its two dots become "ü".

Why it matters in production: a name that was typed on another system comes with letters and marks apart, its signature
is right, and it is refused. Text that looks the same need not be the same bytes.

Fails: AC4
"""

import hashlib
import hmac
import os
import unicodedata

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
    text = unicodedata.normalize("NFC", body.decode(errors="replace"))
    expected = hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
