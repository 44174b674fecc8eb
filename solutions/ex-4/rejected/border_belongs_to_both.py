"""The border is counted to the variant before it: `<=` in place of `<`.

Every variant gets one bucket of its neighbour, and the first one gets a bucket even when its weight
is zero. A variant that was switched off because it charges cards twice still goes to some users,
always the same ones.

Fails: AC3
"""

import hashlib
import json

from fastapi import FastAPI, HTTPException

app = FastAPI()

FILE = "experiments.json"
good = {}


def load():
    """Read experiments.json and check it."""
    with open(FILE, encoding="utf-8") as f:
        try:
            data = json.load(f)
        except ValueError as e:
            raise ValueError(f"{FILE} is not valid JSON: {e}")
    for name, exp in data.items():
        if len(exp["variants"]) != len(exp["weights"]):
            raise ValueError(f"experiment {name}: variants and weights do not match")
        if any(x < 0 for x in exp["weights"]) or sum(exp["weights"]) == 0:
            raise ValueError(f"experiment {name}: bad weights {exp['weights']}")
    return data


def experiments():
    """The current experiments, or the last good ones when the file is broken."""
    global good
    try:
        good = load()
    except (ValueError, OSError) as e:
        print("not reloaded:", e)
    return good


good = load()


def pick(number, exp):
    scale = 1000 if any(w != int(w) for w in exp["weights"]) else 1
    weights = [int(w * scale) for w in exp["weights"]]
    slot = number % sum(weights)
    running = 0
    for variant, weight in zip(exp["variants"], weights):
        running += weight
        if slot <= running:
            return variant


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    exp = experiments().get(experiment_name)
    if exp is None:
        raise HTTPException(404, detail="Experiment not found")
    number = int(hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest(), 16)
    return {
        "user_id": user_id,
        "experiment_name": experiment_name,
        "variant": pick(number, exp),
    }
