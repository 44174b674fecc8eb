"""Tells a problem of its own making over the channel.

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


tell({"event": "problem", "kind": "<b>", "message": "\x1b]0;owned\x07\x1b[2J\x1b[31m\r\u202eevil\u2066\u200b\x9b31m\ud800 ::error file=x::owned\n::add-mask::x\n<script>alert(1)</script> ]]></failure> [bold red]**owned**[/] `a` | b |" * 99, "detail": "\x1b]0;owned\x07\x1b[2J\x1b[31m\r\u202eevil\u2066\u200b\x9b31m\ud800 ::error file=x::owned\n::add-mask::x\n<script>alert(1)</script> ]]></failure> [bold red]**owned**[/] `a` | b |" * 9999, "file": "../../etc", "line": -5})
import time

time.sleep(1000)
