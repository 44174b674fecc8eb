"""Ends in a request with the status of success, and again at each start.

Holds: score 0
Limits: request 3, stop 1
"""

import os

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def end(request, call_next):
    os._exit(0)
