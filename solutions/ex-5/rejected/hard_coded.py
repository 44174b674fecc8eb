"""The secret stands in the source code.

Why it matters in production: everybody who can read the repository, now or in ten years, can sign. To change the
secret takes a deployment, and test and production share one.

Fails: AC6
"""

import hashlib
import hmac

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = "dev-webhook-secret"


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
