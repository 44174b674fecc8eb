"""Sends a message without an end over the channel.

Holds: score 0
"""

import json
import os
import socket


def channels():
    for fd in range(3, 64):
        try:
            found = socket.socket(fileno=os.dup(fd))
        except OSError:
            continue
        if found.family == socket.AF_UNIX or "@PORTABLE@" == "1":
            yield found


def tell(message):
    for channel in channels():
        try:
            channel.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            pass


for channel in channels():
    channel.setblocking(False)
    try:
        for _ in range(200):
            channel.sendall(b"x" * 65536)
    except OSError:
        pass

STATUS = 500
BODY = b""
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
