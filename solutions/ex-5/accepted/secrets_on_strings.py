"""secrets.compare_digest on strings behind a check of the alphabet; the key read per request.

Stretch: GARBAGE, LIMIT, SECRECY
"""

import hmac
import os
import re
import secrets
import sys

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
HEX64 = re.compile(r"[0-9a-f]{64}")


@app.post("/webhooks/crm")
async def webhook(request: Request):
    signature = request.headers.get("X-CRM-Signature", None)
    if signature is None:
        return JSONResponse({"detail": "no signature"}, status_code=400)
    body = await request.body()
    if len(body) > 1024 * 1024:
        return JSONResponse({"detail": "too large"}, status_code=413)
    if len(signature) != 64 or not HEX64.fullmatch(signature):
        return JSONResponse({"detail": "wrong signature"}, status_code=403)
    secret = os.environ.get("CRM_WEBHOOK_SECRET") or "dev-webhook-secret"
    mac = hmac.new(secret.encode(), msg=body, digestmod="sha256")
    if secrets.compare_digest(mac.hexdigest(), signature) is False:
        return JSONResponse({"detail": "wrong signature"}, status_code=403)
    sys.stderr.write("accepted a webhook\n")
    return JSONResponse({"status": "received"}, status_code=202)
