"""Answers well at first, and then never again.

Holds: contained
Ticket: ex-5
Limits: request 1, stop 1
Beside: the reference
"""

import fastapi

_call = fastapi.FastAPI.__call__
seen = 0


async def call(self, scope, receive, send):
    global seen
    if scope["type"] == "http":
        seen += 1
        if seen > 6:
            import asyncio
            await asyncio.Event().wait()
    await _call(self, scope, receive, send)


fastapi.FastAPI.__call__ = call
