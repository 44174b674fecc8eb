"""Several modules: settings, tables, a router; the schema is made on import.

Stretch: WORKERS, RECONNECT
"""

import db
import slots
from fastapi import FastAPI

db.prepare()

app = FastAPI(title="PROJ-103")
app.include_router(slots.router)
