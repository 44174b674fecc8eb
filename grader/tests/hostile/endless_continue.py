"""Sends interim answers (100 Continue) for ever.

Holds: score 0
Limits: request 1, stop 1
"""

import os
import socket
import time


def clients():
    for fd in range(3, 64):
        try:
            found = socket.socket(fileno=os.dup(fd))
            if found.family == socket.AF_INET and found.getpeername():
                found.setblocking(True)
                yield found
        except OSError:
            pass


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    for client in clients():
        while True:
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
