"""That there is a signature is checked, and not what it says.

Why it matters in production: the lock is on the door and turns with every key. Tests that send
right requests only will never show it.

Fails: AC2, AC4, AC5, AC6, GARBAGE, LIMIT
"""

from typing import Optional

from fastapi import FastAPI, Header, HTTPException, Request

app = FastAPI()


@app.post("/webhooks/crm", status_code=202)
async def crm_webhook(request: Request, x_crm_signature: Optional[str] = Header(None)):
    # TODO: verify the signature
    if x_crm_signature is None:
        raise HTTPException(status_code=400, detail="Missing signature")
    body = await request.body()
    if len(body) > 1024 * 1024:
        raise HTTPException(status_code=413, detail="Too large")
    print("webhook received")
    return {"status": "received"}
