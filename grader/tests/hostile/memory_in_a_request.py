"""Takes eight gigabytes in each request.

Holds: score 0
"""

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    bytearray(1 << 33)
