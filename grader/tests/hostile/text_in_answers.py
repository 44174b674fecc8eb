"""Puts escape sequences, bidi, HTML, XML, Markdown and workflow commands into an answer.

Holds: score 0
Shows: owned
"""

from fastapi import FastAPI

NASTY = "\x1b]0;owned\x07\x1b[2J\x1b[31m\r\u202eevil\u2066\u200b\x9b31m\ud800 ::error file=x::owned\n::add-mask::x\n<script>alert(1)</script> ]]></failure> [bold red]**owned**[/] `a` | b |".encode("utf-8", "surrogatepass")


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 418, "headers": [(b"content-type", b"text/html"), (b"x-evil", b"\x1b[31m")]})
    await send({"type": "http.response.body", "body": NASTY})
