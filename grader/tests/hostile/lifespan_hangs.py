"""Never ends its start-up.

Holds: problem start_timeout
Limits: start 3
"""

import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    await asyncio.Event().wait()
    yield


app = FastAPI(lifespan=lifespan)
