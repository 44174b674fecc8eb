"""The parameters are percent-decoded once more by hand.

The framework has decoded them already. Most names do not change in the second round, so it goes
unnoticed until a user with a `+` in the e-mail address comes: the plus turns into a space, and the
answer is about somebody else.

Fails: AC4
"""

import hashlib
import json
from urllib.parse import unquote_plus

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


def choose(experiment_name, user_id, exp):
    digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest()
    point = int(digest, 16) % 10**9 / 10**9 * sum(exp["weights"])
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if point < weight:
            return variant
        point -= weight


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    experiment_name, user_id = unquote_plus(experiment_name), unquote_plus(user_id)
    exp = experiments().get(experiment_name)
    if exp is None:
        raise HTTPException(404, detail="Experiment not found")
    variant = choose(experiment_name, user_id, exp)
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
