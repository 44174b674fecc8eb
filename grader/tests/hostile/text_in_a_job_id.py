"""Hands out job ids that are no part of a path.

Holds: score 0
Ticket: ex-2
"""

JOB = '{"job_id": "../\\u001b[31m\\u202e\\ud800\\u0000?#\\r\\nx: y", "status": "complete", "data": {}}'

STATUS = 202
BODY = JOB.encode()
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
