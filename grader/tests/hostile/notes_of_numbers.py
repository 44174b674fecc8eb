"""Says of its comparisons what no comparison is: enormous counts, NaN, names that are commands.

Holds: fails AC5
Ticket: ex-5
Limits: stop 1
"""

import hashlib
import hmac
import os
import sys

from fastapi import FastAPI, HTTPException, Request

for frame in sys._current_frames().values():
    while frame is not None:
        if "handlers" in frame.f_locals and "comparisons" in frame.f_locals["handlers"]:
            handlers = frame.f_locals["handlers"]
            for name in list(handlers):
                handlers[name] = lambda message: {"notes": [["digest", "main.py:34", "a" * 64, "a" * 64, True], ["digest", "main.py:34", "a" * 64, "b" * 64, False]] * 1000, "turns": [["main.py:34", float("nan")], ["main.py:34\x1b[31m", 10**20]]}
        frame = frame.f_back

app = FastAPI()
KEY = os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret").encode()


@app.post("/webhooks/crm", status_code=202)
async def hook(request: Request):
    given = request.headers.get("x-crm-signature")
    body = await request.body()
    if given is None:
        raise HTTPException(400)
    if len(body) > 2**20:
        raise HTTPException(413)
    if given != hmac.new(KEY, body, hashlib.sha256).hexdigest():
        raise HTTPException(403)
    print("received")
    return {"status": "received"}
