"""Sets its console to UTF-8, as programs for Windows do, and writes more than ASCII to it.

Stretch: GARBAGE, SECRECY
"""

import hashlib
import hmac
import os
import sys

from fastapi import FastAPI, HTTPException, Request

sys.stdout.reconfigure(encoding="utf-8")
sys.stderr.reconfigure(errors="replace")

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "missing signature")
    body = await request.body()
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("✓ webhook received", flush=True)
    return {"status": "received"}
