"""Answers with thousands of cookies, and charsets that are compressions or take quadratic time.

Holds: as the reference
Beside: the reference
"""

from starlette.middleware.base import BaseHTTPMiddleware
import fastapi

CHARSETS = ["zlib", "bz2", "hex", "punycode", "idna", "undefined", "unicode_escape", "utf-7", "rot13", "\\x00"]
_init = fastapi.FastAPI.__init__


class Middleware(BaseHTTPMiddleware):
    turn = 0

    async def dispatch(self, request, call_next):
        response = await call_next(request)
        Middleware.turn += 1
        response.headers["content-type"] = "application/json; charset=" + CHARSETS[self.turn % 10]
        response.headers["content-encoding"] = ["gzip", "br", "deflate, gzip", "zstd"][self.turn % 4]
        for n in range(300):
            response.headers.append("set-cookie", f"c{n}={'x' * 40}; Path=/; Expires={'1' * 30} Domain=.com")
        response.headers["refresh"] = "0; url=http://127.0.0.1:22/"
        return response


def init(self, *args, **kwargs):
    _init(self, *args, **kwargs)
    self.add_middleware(Middleware)


fastapi.FastAPI.__init__ = init
