"""The message is logged at a level that nobody shows.

Why it matters in production: without a configuration, Python's logging shows warnings and worse,
and drops the rest in silence. The line is in the code, everybody believes in it, and on the day
when somebody asks whether the CRM has called, there is no trace of it.

Fails: AC1
"""

import hashlib
import hmac
import logging
import os
from typing import Optional

from fastapi import FastAPI, Header, HTTPException, Request

logger = logging.getLogger(__name__)
app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")


@app.post("/webhooks/crm", status_code=202)
async def crm_webhook(request: Request, x_crm_signature: Optional[str] = Header(None)):
    if x_crm_signature is None:
        raise HTTPException(status_code=400, detail="Missing signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(status_code=413, detail="Payload too large")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), x_crm_signature.encode()):
        raise HTTPException(status_code=403, detail="Invalid signature")
    logger.info("Webhook received successfully")
    return {"status": "received"}
