"""Crashes the interpreter in each request.

Holds: score 0
"""

import ctypes

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    ctypes.string_at(0)
