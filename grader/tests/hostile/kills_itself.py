"""Kills its own process in each request.

Holds: score 0
"""

import os
import signal

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    os.kill(os.getpid(), signal.SIGKILL)
