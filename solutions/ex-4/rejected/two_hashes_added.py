"""User and experiment are hashed one by one, and the two hashes are added.

The sum differs from experiment to experiment, but only by a constant: all users are turned by the
same angle. Users who are neighbours stay neighbours, so two experiments with halves overlap by
anything from everybody to nobody, depending on their names.

Fails: AC5
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
STEPS = 10**6


def number(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


@app.get("/assign")
def assign(experiment_name: str, user_id: str) -> Assignment:
    experiment = experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="Experiment not found")
    step = (number(user_id) + number(experiment_name)) % STEPS
    point = step / STEPS * sum(experiment.weights)
    for variant, weight in zip(experiment.variants, experiment.weights):
        if point < weight:
            break
        point -= weight
    return Assignment(user_id=user_id, experiment_name=experiment_name, variant=variant)
