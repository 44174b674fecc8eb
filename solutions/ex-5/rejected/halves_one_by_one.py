"""Two halves are compared, each in a timing-safe way, the second only where the first is right.

Why it matters in production: the time of the answer tells that the first half is right, so the halves
can be looked for one after the other. Safe parts make no safe whole.

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
    given = signature.encode()
    first = hmac.compare_digest(expected[:32].encode(), given[:32])
    if not first or not hmac.compare_digest(expected[32:].encode(), given[32:]):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
