"""The built-in hash() decides.

Python salts `hash()` of strings with a random number that is new in each process. Within one
process everything looks right, and a test of a running service finds nothing. But every deployment
deals all users out again, and two servers behind one load balancer show the same visitor two
headlines, by turns. Experiments measured that way say nothing.

Fails: AC1
"""

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
        raise HTTPException(404, "no such experiment")
    point = hash(f"{experiment_name}:{user_id}") % 1000000 / 1000000 * sum(exp["weights"])
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if point < weight:
            return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
        point -= weight
