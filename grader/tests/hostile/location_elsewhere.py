"""Names a status that lies on another machine, and one in a file.

Holds: contained
Ticket: ex-2
Limits: stop 1
"""

import uuid

from fastapi import FastAPI, Response

app = FastAPI()
PLACES = ["http://169.254.169.254/latest/", "file:///etc/passwd", "//evil.example/x", "http://[::1", "http://127.0.0.1:22/", "gopher://127.0.0.1:25/x", "/" * 9000, "http://user:pass@127.0.0.1:1/%0d%0aX: y", "\\\\host\\share"]


@app.post("/enrich", status_code=202)
async def enrich(body: dict, response: Response):
    app.turn = getattr(app, "turn", 0) + 1
    response.headers["location"] = PLACES[app.turn % len(PLACES)]
    return {"job_id": str(uuid.uuid4())}
