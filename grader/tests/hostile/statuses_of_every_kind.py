"""Answers with statuses that are none, and reasons that are commands for a workflow.

Holds: score 0
Limits: request 2, stop 1
"""

import asyncio
import gc

ANSWERS = [b"HTTP/1.1 999 ::error::owned\x1b[31m", b"HTTP/9.9 200 OK", b"HTTP/1.1 0 x", b"HTTP/1.1 20000 OK", b"HTTP/1.1 -200 OK", b"ICY 200 OK", b"HTTP/1.1 200 " + b"A" * 60000, b"\x16\x03\x01\x02\x00\x01\x00"]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    app.turn += 1
    for thing in gc.get_objects():
        if isinstance(thing, asyncio.Transport) and thing.get_extra_info("peername"):
            thing.write(ANSWERS[app.turn % len(ANSWERS)] + b"\r\ncontent-length: 2\r\n\r\n{}")
            thing.close()


app.turn = 0
