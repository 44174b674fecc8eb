"""Answers with what is no HTTP.

Holds: score 0
Limits: stop 1
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
        client.sendall(b"\x00\xff\x1b[31mHELLO 100 of 100\r\n\r\n")
        client.shutdown(2)
