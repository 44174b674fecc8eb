"""The HTTPException for a wrong signature is returned, not raised.

Why it matters in production: the check is there, it even finds the forgery, and the answer is 202 with the
refusal as its body. Whoever sends the forgery looks at the status alone, and so does every monitor.

Fails: AC2, AC4, AC6, GARBAGE, LIMIT
Blocks: AC5
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
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return HTTPException(403, "wrong signature")
    print(f"received an event of {len(body)} bytes")
    return {"status": "received"}
