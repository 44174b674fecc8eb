"""Judges signatures in processes of a pool, where nothing of them is seen.

Stretch: GARBAGE, SECRECY
"""

import asyncio
import hashlib
import hmac
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request

SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


def is_right(body: bytes, signature: str) -> bool:
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


@asynccontextmanager
async def lifespan(app: FastAPI):
    with ProcessPoolExecutor(1) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/webhooks/crm", status_code=202)
async def webhook(request: Request):
    signature = request.headers.get("x-crm-signature")
    if signature is None:
        raise HTTPException(400, "missing signature")
    pool, body = request.app.state.pool, await request.body()
    if not await asyncio.get_running_loop().run_in_executor(pool, is_right, body, signature):
        raise HTTPException(403, "invalid signature")
    print("webhook received")
    return {"status": "received"}
