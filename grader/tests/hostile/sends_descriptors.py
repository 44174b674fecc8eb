"""Sends descriptors, and messages one byte at a time, over every socket that it was given.

Holds: contained
Beside: the reference
"""

import array
import os
import socket

null = os.open("/dev/null", os.O_RDONLY)
for fd in range(3, 64):
    try:
        found = socket.socket(fileno=os.dup(fd))
        if found.family == socket.AF_UNIX:
            for byte in b'{"event": "noise"}\n':
                found.sendmsg([bytes([byte])], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null] * 50))])
    except OSError:
        pass
