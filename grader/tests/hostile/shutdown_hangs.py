"""Ignores SIGTERM, and its lifespan never ends.

Holds: as the reference
Beside: the reference
Limits: stop 1
"""

import asyncio
import signal
from contextlib import asynccontextmanager

import fastapi


@asynccontextmanager
async def lifespan(app):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    await asyncio.Event().wait()


class FastAPI(fastapi.FastAPI):
    def __init__(self):
        super().__init__(lifespan=lifespan)


fastapi.FastAPI = FastAPI
