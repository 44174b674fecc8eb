"""Equal weights are split by a hash, and for different ones a die is rolled.

The remainder of a hash knows no weights, so the other experiments went to random.choices. The
button is kept and the headline is not: who looked at the first one only saw it right.

Fails: AC1
"""

import hashlib
import logging
import random
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


@app.get("/assign", response_model=Assignment)
def assign(experiment_name: str, user_id: str):
    experiment = experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="Experiment not found")
    if len(set(experiment.weights)) == 1:
        digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest()
        variant = experiment.variants[int(digest, 16) % len(experiment.variants)]
    else:
        variant = random.choices(experiment.variants, weights=experiment.weights)[0]
    return Assignment(user_id=user_id, experiment_name=experiment_name, variant=variant)
