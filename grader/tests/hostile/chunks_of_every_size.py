"""Answers in chunks of enormous declared size, with endless extensions and trailers.

Holds: score 0
Limits: request 2, stop 1
"""

import asyncio

ANSWERS = [
    b"ffffffffffffffff\r\n",
    b"-1\r\nabc\r\n",
    b"5;" + b"x" * 200_000 + b"\r\nhello\r\n0\r\n\r\n",
    b"0\r\n" + b"".join(b"trailer-%d: \x1b[31m\r\n" % n for n in range(20_000)) + b"\r\n",
    b"5\r\nhelloworld\r\n",
    b"0x5\r\nhello\r\n0\r\n\r\n",
]


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    import gc
    app.turn += 1
    await receive()
    for thing in gc.get_objects():
        if isinstance(thing, asyncio.Transport) and hasattr(thing, "get_extra_info") and thing.get_extra_info("peername"):
            thing.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n" + ANSWERS[app.turn % len(ANSWERS)])
    await asyncio.sleep(600)


app.turn = 0
