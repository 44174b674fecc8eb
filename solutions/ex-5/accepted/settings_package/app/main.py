"""A package app/ with settings that are read in the lifespan, a router and a service of its own.

Stretch: GARBAGE, LIMIT, SECRECY
"""

import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI

from .settings import Settings
from .webhooks import router

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.settings = Settings.from_environment()
    logging.getLogger("app").info("using %s", app.state.settings)
    yield


app = FastAPI(title="CRM webhook", lifespan=lifespan)
app.include_router(router, prefix="/webhooks")
