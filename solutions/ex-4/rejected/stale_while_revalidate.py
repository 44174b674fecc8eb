"""A request is answered from memory, and only then is the file looked at.

Why it matters in production: on a quiet night the first visitor after a change gets the experiment that was stopped hours ago.
On ten servers it is the first ten.

Fails: RELOAD
"""

import asyncio
import hashlib
import json
import sys
from pathlib import Path

from fastapi import FastAPI, HTTPException

FILE = Path(__file__).with_name("experiments.json")


def check(name, e):
    variants, weights = e["variants"], e["weights"]
    if len(variants) != len(weights):
        raise ValueError(f"{name}: lengths differ")
    if any(w < 0 for w in weights):
        raise ValueError(f"{name}: negative weight")
    if not any(weights):
        raise ValueError(f"{name}: all weights are zero")
    return list(zip(variants, weights))


def parse(raw):
    return {name: check(name, e) for name, e in json.loads(raw).items()}


def fraction(experiment, user):
    h = hashlib.sha256(f"{experiment}\0{user}".encode()).digest()
    return int.from_bytes(h[:6], "big") / 2**48


def pick(arms, u):
    arms = [(v, w) for v, w in arms if w > 0]
    point = u * sum(w for _, w in arms)
    for variant, weight in arms:
        if point < weight:
            return variant
        point -= weight
    return arms[-1][0]


class Store:
    def __init__(self):
        self.raw = FILE.read_bytes()
        self.experiments = parse(self.raw)

    def refresh(self):
        try:
            raw = FILE.read_bytes()
            if raw != self.raw:
                self.raw = raw
                self.experiments = parse(raw)
        except Exception as e:
            print("kept the last configuration:", e)


try:
    store = Store()
except Exception as e:
    sys.exit(f"experiments.json: {e}")

app = FastAPI()


@app.get("/assign")
async def assign(experiment_name: str, user_id: str):
    asyncio.get_running_loop().call_later(0.01, store.refresh)
    if experiment_name not in store.experiments:
        raise HTTPException(404, "Experiment not found")
    variant = pick(store.experiments[experiment_name], fraction(experiment_name, user_id))
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
