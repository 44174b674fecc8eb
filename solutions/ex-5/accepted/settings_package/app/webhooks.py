import hashlib
import hmac
import logging
from typing import Optional

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from typing_extensions import Annotated

from .settings import Settings

log = logging.getLogger("app.webhooks")
router = APIRouter()


def get_settings(request: Request) -> Settings:
    return request.app.state.settings


class Verifier:
    def __init__(self, settings: Annotated[Settings, Depends(get_settings)]) -> None:
        self.key = settings.webhook_secret.get_secret_value().encode()

    def match(self, body: bytes, signature: str) -> bool:
        """Named like a search, and none."""
        expected = hmac.new(self.key, body, hashlib.sha256).hexdigest()
        return self.eq(signature, expected)

    def eq(self, signature: str, expected: str) -> bool:
        return signature.isascii() and hmac.compare_digest(signature, expected)


@router.post("/crm", status_code=202)
async def crm(
    request: Request,
    settings: Annotated[Settings, Depends(get_settings)],
    verifier: Annotated[Verifier, Depends()],
    x_crm_signature: Annotated[Optional[str], Header()] = None,
):
    if x_crm_signature is None:
        raise HTTPException(400, "X-CRM-Signature is missing")
    body = bytearray()
    async for chunk in request.stream():
        body.extend(chunk)
        if len(body) > settings.largest_body:
            raise HTTPException(413, "The body is too large")
    if not verifier.match(bytes(body), x_crm_signature):
        raise HTTPException(403, "Invalid signature")
    log.info("webhook received")
    return {"status": "received"}
