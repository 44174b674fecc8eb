"""The hash is salted with a random number that is drawn at the start.

A salt is right for passwords, and here it looks like the careful thing to do. But nobody else knows
it: after a restart, and on every other server, the same user hashes to something else. Running
experiments start anew with each deployment, and nothing tells so.

Fails: AC1
"""

import hashlib
import logging
import secrets
from pathlib import Path
from typing import Dict, List

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, TypeAdapter, ValidationError, model_validator

CONFIG = Path(__file__).parent / "experiments.json"


class Experiment(BaseModel):
    variants: List[str]
    weights: List[float]

    @model_validator(mode="after")
    def check(self):
        if len(self.variants) != len(self.weights):
            raise ValueError("variants and weights must have the same length")
        if min(self.weights) < 0:
            raise ValueError("weights must not be negative")
        if sum(self.weights) == 0:
            raise ValueError("weights must not all be zero")
        return self


class Assignment(BaseModel):
    user_id: str
    experiment_name: str
    variant: str


class Experiments:
    adapter = TypeAdapter(Dict[str, Experiment])

    def __init__(self):
        self.loaded = self.stamp()
        self.by_name = self.read()

    def stamp(self):
        return CONFIG.stat().st_mtime_ns

    def read(self):
        try:
            return self.adapter.validate_json(CONFIG.read_bytes())
        except ValidationError as error:
            raise RuntimeError(f"{CONFIG.name}: {error}") from None

    def get(self, name):
        if self.stamp() != self.loaded:
            self.loaded = self.stamp()
            try:
                self.by_name = self.read()
            except RuntimeError as error:
                logging.error("keeping the old experiments: %s", error)
        return self.by_name.get(name)


experiments = Experiments()
SALT = secrets.token_hex(16)
app = FastAPI()


def bucket(experiment_name: str, user_id: str) -> float:
    digest = hashlib.sha256(f"{SALT}:{experiment_name}:{user_id}".encode()).hexdigest()
    return int(digest[:12], 16) / 16**12


@app.get("/assign")
async def assign(experiment_name: str, user_id: str) -> Assignment:
    experiment = experiments.get(experiment_name)
    if not experiment:
        raise HTTPException(status_code=404, detail="Experiment not found")
    at = bucket(experiment_name, user_id) * sum(experiment.weights)
    for variant, weight in zip(experiment.variants, experiment.weights):
        if at < weight:
            break
        at -= weight
    return Assignment(user_id=user_id, experiment_name=experiment_name, variant=variant)
