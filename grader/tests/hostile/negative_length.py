"""Answers with a negative length and two of them.

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
        client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\ncontent-length: 5\r\n\r\nhello")
        client.shutdown(2)
