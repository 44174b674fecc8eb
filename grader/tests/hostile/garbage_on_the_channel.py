"""Sends what is no message over the channel.

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
    try:
        channel.sendall(b"[" * 100000 + b"\n\xff\x00\n" + b"9" * 10000 + b"\n")
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
