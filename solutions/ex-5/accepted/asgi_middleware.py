"""An ASGI middleware reads, judges and replays the body; the route knows of no signature.

Stretch: GARBAGE, LIMIT, SECRECY
"""

import hashlib
import hmac
import json
import os

from fastapi import FastAPI, Request

SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()
MAX_BODY = 1024 * 1024


class SignatureMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith("/webhooks/"):
            await self.app(scope, receive, send)
            return
        signature = None
        for name, value in scope["headers"]:
            if name == b"x-crm-signature":
                signature = value
        if signature is None:
            await self.refuse(send, 400, "X-CRM-Signature header missing")
            return
        body = b""
        more = True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
            if len(body) > MAX_BODY:
                await self.refuse(send, 413, "Body too large")
                return
        expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest().encode("ascii")
        if not hmac.compare_digest(signature, expected):
            await self.refuse(send, 403, "Invalid signature")
            return
        sent = False

        async def replay():
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def refuse(self, send, status, detail):
        payload = json.dumps({"detail": detail}).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})


app = FastAPI()
app.add_middleware(SignatureMiddleware)


@app.post("/webhooks/crm", status_code=202)
async def receive_webhook(request: Request):
    body = await request.body()
    print(f"Webhook received: {len(body)} bytes")
    return {"status": "received"}
