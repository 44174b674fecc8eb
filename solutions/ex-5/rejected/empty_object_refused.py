"""A body that is empty once it is parsed, {}, is taken for a missing one.

Why it matters in production: "if not payload" asks for what is false, not for what is missing. A sender whose
event has no data yet is refused, sends it again for hours, and then switches the webhook off.

Fails: AC4
"""

import hashlib
import hmac
import json
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
        raise HTTPException(403, "wrong signature")
    payload = json.loads(body)
    if not payload:
        raise HTTPException(422, "no payload")
    print(f"received an event with {len(payload)} fields")
    return {"status": "received"}
