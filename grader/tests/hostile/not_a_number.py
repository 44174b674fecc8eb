"""Answers with NaN, Infinity and 1e999.

Holds: score 0
Ticket: ex-1
"""

STATUS = 201
BODY = b'{"result": NaN, "status": Infinity, "lead_id": 1e999, "qualification_notes": -Infinity}'
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
