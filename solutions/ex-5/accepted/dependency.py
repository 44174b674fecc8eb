"""The check is a dependency; compare_digest by its name; a background task writes the message.

Stretch: GARBAGE, SECRECY
"""

from __future__ import annotations

import os
from hashlib import sha256
from hmac import HMAC, compare_digest
from typing import Optional

from fastapi import BackgroundTasks, Depends, FastAPI, Header, HTTPException, Request, status

CRM_WEBHOOK_SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")

app = FastAPI()


async def verified_body(
    request: Request, signature: Optional[str] = Header(default=None, alias="X-CRM-Signature")
) -> bytes:
    if signature is None:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "X-CRM-Signature header is required")
    body = await request.body()
    expected = HMAC(CRM_WEBHOOK_SECRET.encode(), body, sha256).hexdigest()
    if not compare_digest(signature.encode("utf-8"), expected.encode("utf-8")):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Invalid signature")
    return body


def report(size: int) -> None:
    print(f"CRM webhook processed ({size} bytes)")


@app.post("/webhooks/crm", status_code=status.HTTP_202_ACCEPTED)
def receive(tasks: BackgroundTasks, body: bytes = Depends(verified_body)):
    tasks.add_task(report, len(body))
    return {"status": "received"}
