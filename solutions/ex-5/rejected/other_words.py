"""The answer says "ok" where the ticket says "received".

Why it matters in production: the other side is a program. It compares the answer with what was
agreed, takes anything else for a failure, and sends the same webhook again, for hours.

Fails: AC1
"""

import hmac
import os
from hashlib import sha256

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

app = FastAPI()
KEY = os.getenv("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm")
async def handle(request: Request) -> Response:
    given = request.headers.get("x-crm-signature")
    if given is None:
        return JSONResponse({"detail": "X-CRM-Signature missing"}, 400)
    payload = await request.body()
    if len(payload) > 2**20:
        return JSONResponse({"detail": "too big"}, 413)
    wanted = hmac.new(KEY, payload, sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        return JSONResponse({"detail": "signature does not match"}, 403)
    print("ok, got a webhook")
    return JSONResponse({"status": "ok", "message": "Webhook received"}, 202)
