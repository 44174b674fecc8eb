"""Variants and weights are zipped together unchecked.

`zip` stops at the shorter list without a word: the variant that has no weight never appears, and a
weight too many shifts nothing that anybody would see. What is wrong in the file shows weeks later, in
the result of the experiment.

Fails: CONFIG, RELOAD
"""

import hashlib
import json

from fastapi import FastAPI, HTTPException

app = FastAPI()
FILE = "experiments.json"


def load():
    with open(FILE, encoding="utf-8") as f:
        return {
            name: list(zip(exp["variants"], exp["weights"])) for name, exp in json.load(f).items()
        }


good = load()


def experiments():
    global good
    try:
        good = load()
    except ValueError:
        pass
    return good


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    choices = experiments().get(experiment_name)
    if choices is None:
        raise HTTPException(404, detail="Experiment not found")
    digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest()
    point = int(digest[:12], 16) / 16**12 * sum(weight for _, weight in choices)
    for variant, weight in choices:
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
