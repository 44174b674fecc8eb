"""Answers with an object nested fifty thousand levels deep.

Holds: score 0
"""

STATUS = 200
BODY = b'{"result":' * 50000 + b"1" + b"}" * 50000
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
