"""Several modules and a router; the job is in one, the state in another.

Stretch: LOCATION, SHUTDOWN
"""

from fastapi import FastAPI
from routes import router

app = FastAPI(title="Enrichment")
app.include_router(router)
