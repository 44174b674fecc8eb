"""CRC-32, no cryptographic hash, but modulo a number that is no power of two it splits well."""

import zlib
from itertools import accumulate
from pathlib import Path
from typing import Dict, List

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field, TypeAdapter


class Experiment(BaseModel):
    variants: List[str] = Field(min_length=1)
    weights: List[float]


EXPERIMENTS = TypeAdapter(Dict[str, Experiment]).validate_json(
    Path("experiments.json").read_bytes()
)
app = FastAPI()


@app.get("/assign")
async def assign(experiment_name: str, user_id: str):
    try:
        e = EXPERIMENTS[experiment_name]
    except KeyError:
        raise HTTPException(404, "No such experiment") from None
    position = zlib.crc32(f"{experiment_name}:{user_id}".encode()) % 10_007 / 10_007
    ends = accumulate(w / sum(e.weights) for w in e.weights)
    chosen = next((v for v, end in zip(e.variants, ends) if position < end), None)
    if chosen is None:  # the ends may add up to a little less than one
        chosen = [v for v, w in zip(e.variants, e.weights) if w > 0][-1]
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": chosen}
