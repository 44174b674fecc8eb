"""Recurses without end in each request.

Holds: score 0
"""

def deeper():
    return deeper()


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    deeper()
