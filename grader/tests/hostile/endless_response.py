"""Answers with a body that does not end.

Holds: score 0
Limits: request 2
"""

async def app(scope, receive, send):
    if scope["type"] != "http":
        return

    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
