"""A package with routers, schemas and a service, as larger projects have them.

Stretch: NOTES, OPENAPI
"""

from fastapi import FastAPI

from .routers import leads

app = FastAPI()
app.include_router(leads.router)
