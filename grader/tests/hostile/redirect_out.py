"""Sends every request to a file and to other servers.

Holds: score 0
"""

STATUS = 302
BODY = b""
HEADERS = [(b"location", b"file://@CANARY@")]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
