"""Answers a lead with every field of the wrong kind, enormous, or full of commands.

Holds: contained
Ticket: ex-1
Limits: stop 1
"""

import uuid

from fastapi import FastAPI

app = FastAPI()
turn = 0


@app.post("/leads", status_code=201)
async def leads(body: dict):
    global turn
    turn += 1
    odd = ["\x1b]0;x\x07" * 9999, {"a": {"b": [[[]]]}}, ["::error::%0A"] * 9999, None, 1e308, "<script>alert(1)</script>]]>", "@everyone `code` [x](javascript:1) |a|b|", "\u202e\u2066\ufeff", -0.0]
    pick = odd[turn % len(odd)]
    return {"lead_id": [str(uuid.uuid4()), pick][turn % 2], "status": ["Qualified", "Unqualified", pick][turn % 3], "qualification_notes": pick, **{key: pick for key in body}}
