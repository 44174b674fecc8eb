"""Reads the file at every request: there is nothing to keep fresh; MD5, a loop over the weights.

Stretch: CONFIG, RELOAD
"""

import hashlib
import json

from fastapi import FastAPI, HTTPException

FILE = "experiments.json"


def check(experiments):
    for name, experiment in experiments.items():
        variants, weights = experiment["variants"], experiment["weights"]
        if len(variants) != len(weights):
            raise ValueError(f"{FILE}: {name}: each variant needs one weight")
        if any(weight < 0 for weight in weights):
            raise ValueError(f"{FILE}: {name}: a weight is negative")
        if sum(weights) == 0:
            raise ValueError(f"{FILE}: {name}: all weights are zero")
    return experiments


def read():
    with open(FILE, encoding="utf-8") as file:
        text = file.read()
    try:
        return check(json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError(f"{FILE}: not JSON: {error}") from error


last_good = read()
app = FastAPI()


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    global last_good
    try:
        last_good = read()
    except Exception as error:
        print("keeping the last good experiments:", error)
    experiments = last_good
    if experiment_name not in experiments:
        raise HTTPException(404, "unknown experiment")
    experiment = experiments[experiment_name]
    number = int(hashlib.md5((experiment_name + ":" + user_id).encode()).hexdigest(), 16)
    point = number % 1_000_000 / 1_000_000 * sum(experiment["weights"])
    for variant, weight in zip(experiment["variants"], experiment["weights"]):
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
