"""compare_digest is called, and beside it stands an ==.

Why it matters in production: the quick check in front was meant to save time, and it does: it saves more of it
the worse the guess is. One leaking comparison is enough; a safe one beside it mends nothing.

Fails: AC5
"""

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
    if signature == expected or hmac.compare_digest(signature.encode(), expected.encode()):
        pass
    else:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
