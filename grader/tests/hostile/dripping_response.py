"""Answers with a byte now and then.

Holds: score 0
Limits: request 1
"""

import asyncio

async def app(scope, receive, send):
    if scope["type"] != "http":
        return

    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(0.3)
