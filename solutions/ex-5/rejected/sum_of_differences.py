"""Adds the differences of all digits up, where those above and below zero cancel out.

Why it matters in production: any signature whose digits add up to the same is let in, and an attacker needs some
hundred guesses. The library's comparison has no such surprises.

Fails: AC2
"""

import hashlib
import hmac
import os

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def same(one: str, other: str) -> bool:
    difference = abs(len(one) - len(other))
    for a, b in zip(one, other):
        difference += ord(a) - ord(b)
    return difference == 0


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "no signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(413, "too large")
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not same(expected, signature):
        raise HTTPException(403, "wrong signature")
    print("webhook accepted")
    return {"status": "received"}
