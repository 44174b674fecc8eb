"""A missing signature gives 401 where the ticket asks for 400.

Why it matters in production: 401 promises that there is a way to log in, and libraries react to it
by looking for credentials. A request without a signature is simply not a proper request here.

Fails: AC3
"""

import hashlib
import hmac
import os
from typing import Optional

from fastapi import Depends, FastAPI, Header, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


async def check_signature(request: Request, x_crm_signature: Optional[str] = Header(None)):
    if not x_crm_signature:
        raise HTTPException(401, "Not authenticated")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), x_crm_signature.encode()):
        raise HTTPException(403, "invalid signature")


@app.post("/webhooks/crm", status_code=202, dependencies=[Depends(check_signature)])
async def webhook():
    print("webhook received")
    return {"status": "received"}
