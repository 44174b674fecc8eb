"""The message goes to a file beside the program and not to the console.

Why it matters in production: a service in a container writes to its standard output, where the
platform collects it. A file inside the container is seen by nobody and is gone with the next
deployment, and where the disk is read-only the service does not even start.

Fails: AC1
"""

import hashlib
import hmac
import logging
import os

from fastapi import FastAPI, HTTPException, Request

logging.basicConfig(filename="webhook.log", level=logging.INFO)
app = FastAPI()
SECRET = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret")


@app.post("/webhooks/crm", status_code=202)
async def crm_webhook(request: Request):
    signature = request.headers.get("X-CRM-Signature")
    if signature is None:
        raise HTTPException(status_code=400, detail="Missing signature")
    data = await request.body()
    if len(data) > 1024 * 1024:
        raise HTTPException(status_code=413, detail="Too large")
    digest = hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(digest.encode(), signature.encode()):
        raise HTTPException(status_code=403, detail="Wrong signature")
    logging.info("received webhook")
    return {"status": "received"}
