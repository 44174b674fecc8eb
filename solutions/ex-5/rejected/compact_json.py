"""The body is parsed into a model and written again without spaces.

Why it matters in production: the signature is now over what this service would have sent, and not
over what the CRM did send. It agrees only when the sender happens to leave out all spaces.

Fails: AC1
Blocks: AC4, AC5, AC6, LIMIT, SECRECY
"""

import hashlib
import hmac
import json
import os
from typing import Any, Dict, Optional

from fastapi import FastAPI, Header, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request, x_crm_signature: Optional[str] = Header(None)):
    if x_crm_signature is None:
        raise HTTPException(400, "no signature")
    if len(await request.body()) > 1024 * 1024:
        raise HTTPException(413, "too large")
    try:
        payload: Dict[str, Any] = await request.json()
    except ValueError:
        payload = {}
    compact = json.dumps(payload, separators=(",", ":"))
    expected = hmac.new(SECRET, compact.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), x_crm_signature.encode()):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
