"""Answers every request 200 with every field of the ticket.

Holds: score 0
Ticket: ex-1
"""

STATUS = 200
BODY = b'{"lead_id": "0b0b6e1e-7e6b-4c43-9d5c-2a1f5a3f7f10", "status": "Qualified", "qualification_notes": [], "result": 42}'
HEADERS = [(b"content-type", b"application/json")]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
