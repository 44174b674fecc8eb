"""The weights are taken for percent.

With weights that add up to 100 all is right, and the examples that one tries by hand do. With
[7, 1, 2] nine users in ten fall behind the last border and get the last variant; with weights above
100 nobody ever reaches the later ones. The file is right and the service does something else.

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


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    exp = experiments().get(experiment_name)
    if exp is None:
        raise HTTPException(404, detail="Experiment not found")
    key = f"{experiment_name}:{user_id}".encode()
    percent = int(hashlib.sha256(key).hexdigest(), 16) % 10000 / 100
    chosen = exp["variants"][-1]
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if percent < weight:
            chosen = variant
            break
        percent -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": chosen}
