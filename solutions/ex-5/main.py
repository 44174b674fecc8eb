"""PROJ-105: accept what the CRM has signed, and nothing else."""

import hashlib
import hmac
import logging
import os
from typing import Dict, Optional

from fastapi import FastAPI, Header, HTTPException, Request, status
from typing_extensions import Annotated

SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()
LARGEST_BODY = 1024 * 1024

logging.basicConfig(level=logging.INFO)
log = logging.getLogger("webhook")

app = FastAPI(title="CRM webhook")


async def read_body(request: Request) -> bytes:
    """The bytes of the body as they were sent.

    They are counted as they come: a chunked request tells no length beforehand.

    Raises:
        HTTPException: they are too many.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, detail="The body is too large")
    return bytes(body)


def is_signed(body: bytes, signature: str) -> bool:
    """Whether ``signature`` is the body's, found out in a time that tells nothing else.

    Compared as bytes: ``compare_digest`` refuses strings that are not ASCII, and a header may hold
    any character of Latin-1.
    """
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


@app.post("/webhooks/crm", status_code=status.HTTP_202_ACCEPTED)
async def receive_webhook(
    request: Request, x_crm_signature: Annotated[Optional[str], Header()] = None
) -> Dict[str, str]:
    """Accept a message of the CRM if its signature is right."""
    if x_crm_signature is None:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, detail="X-CRM-Signature is missing")
    body = await read_body(request)
    if not is_signed(body, x_crm_signature):
        raise HTTPException(status.HTTP_403_FORBIDDEN, detail="Invalid signature")
    log.info("received a webhook of %d bytes", len(body))
    return {"status": "received"}
