"""Answers with JSON nested a million levels deep.

Holds: score 0
"""

STATUS = 200
BODY = b"[" * 10**6 + b"]" * 10**6
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
