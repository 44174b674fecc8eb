"""Burns the processor in each request.

Holds: score 0
Limits: request 1
"""

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while True:
        pass
