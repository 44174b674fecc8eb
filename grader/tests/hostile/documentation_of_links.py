"""Documents itself with references to files, to other machines, to itself, and to keys of odd types.

Holds: contained
Ticket: ex-1
Beside: the reference
Limits: stop 1
"""

import fastapi


def openapi(self):
    loop = {"$ref": "#/components/schemas/A"}
    return {"openapi": "3.1.0", "paths": {"/leads": {"post": {"responses": {"201": {"content": {"application/json": {"schema": loop}}}, "422": {"$ref": "file:///etc/passwd"}}}}, "::error::": [None]}, "components": {"schemas": {"A": {"allOf": [loop, {"$ref": "http://169.254.169.254/x#/y"}, {"$ref": 7}, {"$ref": "#/components/schemas/A/properties"}], "properties": {"lead_id": loop, "status": {"enum": [[], {}, None, float(1)]}, "qualification_notes": True}, "required": {"a": 1}}}}}


fastapi.FastAPI.openapi = openapi
