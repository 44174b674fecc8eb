"""Answers with header values that no terminal should see.

Holds: score 0
"""

STATUS = 307
BODY = b""
HEADERS = [(b"location", b"/\x1b[31m\xe2\x80\xae?::error::x"), (b"content-type", b"\xff\xfe")]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
