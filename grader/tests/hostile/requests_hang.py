"""Answers no request.

Holds: score 0
Limits: request 1
"""

import asyncio

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await asyncio.Event().wait()
