"""Answers with every field of a type of its own.

Holds: score 0
Ticket: ex-1
"""

STATUS = 201
BODY = b'{"lead_id": [[]], "status": {"a": 1}, "qualification_notes": [null, {}, 1e400, "\\ud800"], "role": null}'
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
