"""Raises while it starts up.

Holds: problem start_failed
"""

from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    raise BaseException("\x1b[31mno")
    yield


app = FastAPI(lifespan=lifespan)
