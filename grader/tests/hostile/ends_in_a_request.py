"""Ends its process in each request.

Holds: score 0
"""

import os

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    os._exit(0)
