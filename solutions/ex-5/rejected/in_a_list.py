"""The signature is looked for in a list of valid ones.

Why it matters in production: `in` compares with == inside, once for each entry, and so tells by its time how far
it got. It is often written when a second secret comes in, for the days of a change.

Fails: AC5
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()

OLD_SECRET = SECRET


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    allowed = [hmac.new(key, body, hashlib.sha256).hexdigest() for key in (SECRET, OLD_SECRET)]
    if signature not in allowed:
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
