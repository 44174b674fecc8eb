"""Keeps all processors busy, whose load lengthens the grader's limits, and answers late.

Holds: contained
Ticket: ex-1
Beside: the reference
Limits: worked 5, stop 1
Needs: walls
Shows: used up its processor time
"""

import asyncio
import hashlib
import threading

import fastapi

answer = fastapi.FastAPI.__call__


async def late(self, scope, receive, send):
    await asyncio.sleep(0.5)
    await answer(self, scope, receive, send)


fastapi.FastAPI.__call__ = late


def work():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 5_000_000)


for _ in range(30):
    threading.Thread(target=work, daemon=True).start()
