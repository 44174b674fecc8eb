"""Sends every request to the next place, for ever.

Holds: score 0
"""

STATUS = 307
BODY = b""
HEADERS = [(b"location", b"/double")]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
