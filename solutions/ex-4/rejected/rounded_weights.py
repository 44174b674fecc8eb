"""Weights are rounded to one decimal.

Why it matters in production: [0.5, 0.25, 0.25] becomes 0.5, 0.2 and 0.2, so that the headline that was to
get half of the visitors gets 56 per cent, and a small share gets nobody.

Fails: AC3
"""

import hashlib
import json
import os
from fastapi import FastAPI, HTTPException

FILE = "experiments.json"


def check(doc):
    for name, e in doc.items():
        v, w = e["variants"], e["weights"]
        if len(v) != len(w):
            raise ValueError(f"{FILE}: {name}: {len(v)} variants, {len(w)} weights")
        if any(x < 0 for x in w):
            raise ValueError(f"{FILE}: {name}: negative weight")
        if sum(w) == 0:
            raise ValueError(f"{FILE}: {name}: weights are all zero")
    return doc


def load():
    with open(FILE, encoding="utf-8") as f:
        text = f.read()
    try:
        return check(json.loads(text))
    except json.JSONDecodeError as e:
        raise ValueError(f"{FILE}: {e}") from e


def stamp():
    s = os.stat(FILE)
    return s.st_mtime_ns, s.st_size, s.st_ino


class Store:
    def __init__(self):
        self.stamp = stamp()
        self.config = load()

    def get(self):
        try:
            now = stamp()
            if now != self.stamp:
                self.config = load()
                self.stamp = now
        except Exception as e:
            print("reload failed:", e)
        return self.config


store = Store()
app = FastAPI()


def point(experiment_name, user_id):
    key = json.dumps([experiment_name, user_id]).encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big") / 2**64


def choose(e, x):
    weights = [round(w, 1) for w in e["weights"]]
    x *= sum(weights)
    chosen = None
    for v, w in zip(e["variants"], weights):
        if w > 0:
            chosen = v
            if x < w:
                break
            x -= w
    return chosen


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    config = store.get()
    if experiment_name not in config:
        raise HTTPException(404, "Experiment not found")
    variant = choose(config[experiment_name], point(experiment_name, user_id))
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
