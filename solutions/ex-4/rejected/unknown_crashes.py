"""An unknown experiment ends in a KeyError.

The client gets 500, the log a traceback, and whoever is on call is woken, because somebody typed a
wrong name into a page. 500 means that the service is broken; here it is the request that asks for
something that is not there.

Fails: AC2
"""

import hashlib
import json

from fastapi import FastAPI

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


def choose(experiment_name, user_id, exp):
    digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest()
    point = int(digest, 16) % 10**9 / 10**9 * sum(exp["weights"])
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if point < weight:
            return variant
        point -= weight


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    exp = experiments()[experiment_name]
    return {
        "user_id": user_id,
        "experiment_name": experiment_name,
        "variant": choose(experiment_name, user_id, exp),
    }
