"""An unknown experiment is answered with 400.

400 says that the request makes no sense. This one does: it asks for something that is not there.
Clients treat the two differently; many switch an experiment off quietly at 404 and raise an alarm
at 400, as a mistake in their own code.

Fails: AC2
"""

import hashlib
import logging
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
app = FastAPI()


@app.get("/assign")
def assign(experiment_name: str, user_id: str) -> Assignment:
    experiment = experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=400, detail=f"Invalid experiment: {experiment_name}")
    number = int(hashlib.md5(f"{user_id}.{experiment_name}".encode()).hexdigest(), 16)
    point = number / 2**128 * sum(experiment.weights)
    total = 0.0
    for variant, weight in zip(experiment.variants, experiment.weights):
        total += weight
        if point < total:
            return Assignment(user_id=user_id, experiment_name=experiment_name, variant=variant)
    raise AssertionError("unreachable")
