"""The bytes of the text are added up to a "hash".

Sums of bytes lie close together, like the points of many dice: for ids like user-1001, user-1002 some
buckets overflow and others stay empty, and "ab" and "ba" are the same. And the name of the
experiment only shifts the sum by a constant, so the experiments split the users alike.

Fails: AC3, AC5
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


def bucket(text):
    return sum(text.encode()) % 100


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    exp = experiments().get(experiment_name)
    if exp is None:
        raise HTTPException(404, detail="Experiment not found")
    point = bucket(experiment_name + ":" + user_id) / 100 * sum(exp["weights"])
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
