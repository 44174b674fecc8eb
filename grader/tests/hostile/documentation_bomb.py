"""Documents itself with schemas that are made of each other, a hundredfold each.

Holds: fails OPENAPI
Ticket: ex-1
Beside: the reference
"""

import fastapi

_SCHEMA = {"$ref": "#/components/schemas/A"}
_LINE = {"anyOf": [_SCHEMA] * 100, "oneOf": [_SCHEMA] * 100, "properties": {"lead_id": _SCHEMA}}
_ANSWER = {"content": {"application/json": {"schema": _SCHEMA}}}
_DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "A", "version": "1"},
    "paths": {"/leads": {"post": {"responses": {"422": {}, "201": _ANSWER}}}},
    "components": {"schemas": {"A": _LINE}},
}

fastapi.FastAPI.openapi = lambda self: _DOCUMENT
