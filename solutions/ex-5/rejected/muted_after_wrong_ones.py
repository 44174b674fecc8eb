"""After ten wrong signatures it writes nothing more, to keep the log from being flooded.

Why it matters in production: whoever knows the URL sends ten requests, and from then on the log is silent about the
real ones as well. What is limited must be the lines about refusals.

Fails: AC1
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()

wrong = 0


def tell(text: str) -> None:
    if wrong < 10:
        print(text)


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    global wrong
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        wrong += 1
        raise HTTPException(403, "wrong signature")
    tell("webhook accepted")
    return {"status": "received"}
