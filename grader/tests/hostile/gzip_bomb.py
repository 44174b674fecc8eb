"""Answers with a gigabyte of zeros, compressed.

Holds: score 0
"""

import gzip

STATUS = 200
BODY = gzip.compress(bytes(1 << 24)) * 60
HEADERS = [(b"content-encoding", b"gzip"), (b"content-type", b"application/json")]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
