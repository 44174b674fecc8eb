"""A broken experiment is left out with a line in the log, and the service starts.

Nobody reads the log of a start that worked. The experiment that was announced for today answers 404,
and when a running one is broken by an edit, it ends in the middle.

Fails: CONFIG, RELOAD
"""

import hashlib
import json
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()

FILE = "experiments.json"
good = {}


def valid(exp):
    weights = exp["weights"]
    return len(exp["variants"]) == len(weights) and min(weights) >= 0 and sum(weights) > 0


def load():
    with open(FILE, encoding="utf-8") as f:
        data = json.load(f)
    for name in [name for name, exp in data.items() if not valid(exp)]:
        logging.warning("skipping the invalid experiment %s", name)
        del data[name]
    return data


def experiments():
    global good
    try:
        good = load()
    except ValueError:
        logging.warning("%s is not valid JSON", FILE)
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
    exp = experiments().get(experiment_name)
    if exp is None:
        raise HTTPException(404, detail="Experiment not found")
    variant = choose(experiment_name, user_id, exp)
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
