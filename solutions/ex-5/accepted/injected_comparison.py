"""Classes that hold their comparison: compare_digest, and a count of the digits that differ.

Stretch: GARBAGE, SECRECY
"""

import hashlib
import hmac
import operator
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def count_differences(given: bytes, expected: bytes) -> bool:
    return len(given) == len(expected) and sum(map(operator.ne, given, expected)) == 0


class Verifier:
    compare = hmac.compare_digest

    def __init__(self, secret: str) -> None:
        self.secret = secret.encode()

    def find(self, *, place: bytes, function: bytes) -> bool:
        return self.compare(place, function)

    def accepts(self, body: bytes, given: bytes) -> bool:
        expected = hmac.new(self.secret, body, hashlib.sha256).hexdigest().encode()
        return self.find(place=given, function=expected)


class CountingVerifier(Verifier):
    compare = staticmethod(count_differences)


verifiers = [
    kind(os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret"))
    for kind in (Verifier, CountingVerifier)
]


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    header = request.headers.get("x-crm-signature")
    if header is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    verdicts = [verifier.accepts(body, header.encode()) for verifier in verifiers]
    if False in verdicts:
        raise HTTPException(403, "wrong signature")
    print("webhook received")
    return {"status": "received"}
