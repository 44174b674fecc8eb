"""Answers with a number of a million digits, and with numbers that are none.

Holds: score 0
"""

STATUS = 200
BODY = b'{"result": ' + b"9" * 10**6 + b"}"
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
