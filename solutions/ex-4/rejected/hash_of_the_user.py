"""Only the user is hashed.

Every experiment splits the users at the same place. Whoever gets the first variant here gets the
first one everywhere: the orange button is only ever seen below the new headline, and no analysis can
tell which of the two sold more.

Fails: AC5
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
    point = int(hashlib.sha256(user_id.encode()).hexdigest()[:12], 16) / 16**12
    point *= sum(exp["weights"])
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
