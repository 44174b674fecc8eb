"""Prints attacks on whoever reads the console.

Holds: score 0
Shows: owned
"""

import os
import sys

os.write(1, "\x1b]0;owned\x07\x1b[2J\x1b[31m\r\u202eevil\u2066\u200b\x9b31m\ud800 ::error file=x::owned\n::add-mask::x\n<script>alert(1)</script> ]]></failure> [bold red]**owned**[/] `a` | b |\n".encode("utf-8", "surrogatepass"))
print("\x1b[2J::stop-commands::x", file=sys.stderr, flush=True)

STATUS = 500
BODY = b""
HEADERS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
