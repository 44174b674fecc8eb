"""Answers with JSON that Python takes and nobody else: half characters, NaN, repeated keys, huge exponents.

Holds: score 0
"""

BODIES = [
    b'{"result": NaN}',
    b'{"result": -Infinity}',
    b'{"result": 1e999999999}',
    b'{"result": "\\ud800"}',
    b'\xef\xbb\xbf{"result": 42}',
    b'{"result": ' + b"9" * 5000 + b"}",
    b'{"result": true}',
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
    b'[' * 200_000,
    b'{"' + b'\x1b[2J' * 1000 + b'": 1}',
    "\u202e{}".encode(),
    b"null",
]
turn = 0


async def app(scope, receive, send):
    global turn
    if scope["type"] != "http":
        return
    turn += 1
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": BODIES[turn % len(BODIES)]})
