"""Stops its own process (SIGSTOP) in each request.

Holds: score 0
Limits: request 1, stop 1
"""

import os
import signal

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    os.kill(os.getpid(), signal.SIGSTOP)
