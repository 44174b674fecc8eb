"""Rendezvous hashing: every variant draws a weighted lot for the user, and the best lot wins."""

import hashlib
import json
import math
import os
import time

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Assignment(BaseModel):
    user_id: str
    experiment_name: str
    variant: str


class Cache:
    """Looks at the file once a second at most."""

    looked = 0.0
    mtime = None
    data = None

    def get(self):
        now = time.monotonic()
        if self.data is None or now - self.looked > 1:
            self.looked = now
            mtime = os.path.getmtime("experiments.json")
            if mtime != self.mtime:
                self.mtime = mtime
                self.refresh()
        return self.data

    def refresh(self):
        try:
            with open("experiments.json") as f:
                data = json.load(f)
            for experiment in data.values():
                if len(experiment["variants"]) != len(experiment["weights"]):
                    raise ValueError("variants and weights")
                if sum(experiment["weights"]) <= 0:
                    raise ValueError("weights")
        except ValueError:
            if self.data is None:
                raise
        else:
            self.data = data


cache = Cache()
cache.get()


def lot(experiment_name, user_id, variant, weight):
    text = json.dumps([experiment_name, user_id, variant])
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
    uniform = (number + 0.5) / 2**48
    return -weight / math.log(uniform)


@app.get("/assign", response_model=Assignment)
def assign(experiment_name: str, user_id: str):
    experiments = cache.get()
    if experiment_name not in experiments:
        raise HTTPException(status_code=404, detail="Experiment not found")
    e = experiments[experiment_name]
    lots = [
        (lot(experiment_name, user_id, variant, weight), variant)
        for variant, weight in zip(e["variants"], e["weights"])
        if weight
    ]
    return Assignment(user_id=user_id, experiment_name=experiment_name, variant=max(lots)[1])
