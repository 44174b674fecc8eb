"""Answers with nine megabytes.

Holds: score 0
"""

STATUS = 200
BODY = b"[" + b"1," * (9 << 19) + b"1]"
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
