"""Stops itself with SIGSTOP on SIGTERM, and all its children.

Holds: as the reference
Beside: the reference
Limits: stop 1
"""

import os
import signal

import uvicorn

if os.fork() == 0:
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
uvicorn.Server.shutdown = lambda self, sockets=None: os.kill(os.getpid(), signal.SIGSTOP)
