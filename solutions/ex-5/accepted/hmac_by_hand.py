"""HMAC written out from RFC 2104, compared as a sum of differences; a bare ASGI application.

Stretch: GARBAGE, SECRECY
"""

import hashlib
import os

KEY = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()
BLOCK = 64


def signature_of(body):
    key = hashlib.sha256(KEY).digest() if len(KEY) > BLOCK else KEY
    key = key.ljust(BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + body).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest().encode()


def equal(one, other):
    return len(one) == len(other) and sum(x ^ y for x, y in zip(one, other)) == 0


async def answer(send, status, body):
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", b"application/json")],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if (scope["method"], scope["path"]) != ("POST", "/webhooks/crm"):
        await answer(send, 404, b'{"detail": "Not Found"}')
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = dict(scope["headers"])
    if b"x-crm-signature" not in headers:
        await answer(send, 400, b'{"detail": "X-CRM-Signature is missing"}')
    elif not equal(headers[b"x-crm-signature"], signature_of(body)):
        await answer(send, 403, b'{"detail": "Invalid signature"}')
    else:
        print("received a webhook")
        await answer(send, 202, b'{"status": "received"}')
