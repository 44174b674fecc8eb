"""Answers 101 and talks on.

Holds: score 0
Limits: request 2, stop 1
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
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
        while True:
            client.sendall(b"x" * 65536)
