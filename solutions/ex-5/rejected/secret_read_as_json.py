"""Reads the secret as JSON where it is some: 1.50 becomes 1.5.

Why it matters in production: helpers that "know" the type of a setting work for years, until a secret looks like a
number, like true, or stands in quotation marks. Then every signature is wrong.

Fails: AC6
"""

import hashlib
import hmac
import json
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def setting(name: str, default: str) -> object:
    value = os.environ.get(name, default)
    try:
        return json.loads(value)
    except ValueError:
        return value


SECRET = str(setting("CRM_WEBHOOK_SECRET", "dev-webhook-secret")).encode()


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
