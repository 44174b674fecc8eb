"""Weights are cut to whole numbers before they are checked.

-0.5 becomes 0, so the check is content. Fractions are allowed, so the smallest negative one counts as
much as -20: the file says something impossible, and the service makes something of it.

Fails: CONFIG, RELOAD
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
        if any(int(weight) < 0 for weight in self.weights):
            raise ValueError("a weight is negative")
        if sum(self.weights) <= 0:
            raise ValueError("the weights must add up to more than zero")
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
        raise HTTPException(status_code=404, detail="Experiment not found")
    seed = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).digest()
    point = int.from_bytes(seed[:6], "big") / 2**48 * sum(experiment.weights)
    for variant, weight in zip(experiment.variants, experiment.weights):
        if point < weight:
            break
        point -= weight
    return Assignment(user_id=user_id, experiment_name=experiment_name, variant=variant)
