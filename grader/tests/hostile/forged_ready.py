"""Says over the examiner's channel that it serves, and does not.

Holds: score 0
Limits: request 1, stop 1
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

import time

tell({"event": "ready", "port": 1})
time.sleep(1000)
