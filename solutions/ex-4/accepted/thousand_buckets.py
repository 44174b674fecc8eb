"""A table of a thousand buckets per experiment; the largest remainders get what is left over.

Stretch: CONFIG
"""

import hashlib
import json

from fastapi import FastAPI, HTTPException

BUCKETS = 1000


def fill(name, variants, weights):
    if len(variants) != len(weights) or any(w < 0 for w in weights) or sum(weights) <= 0:
        raise ValueError(f"bad experiment {name!r} in experiments.json")
    exact = [w * BUCKETS / sum(weights) for w in weights]
    counts = [int(e) for e in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: counts[i] - exact[i])
    for i in by_remainder[: BUCKETS - sum(counts)]:
        counts[i] += 1
    table = []
    for variant, count in zip(variants, counts):
        table += [variant] * count
    return table


app = FastAPI()
try:
    with open("experiments.json", encoding="utf8") as f:
        TABLES = {n: fill(n, e["variants"], e["weights"]) for n, e in json.load(f).items()}
except json.JSONDecodeError as e:
    raise RuntimeError(f"experiments.json is no JSON: {e}") from None


@app.get("/assign")
def assign(user_id: str, experiment_name: str):
    table = TABLES.get(experiment_name)
    if table is None:
        raise HTTPException(404, detail="Unknown experiment")
    digest = hashlib.sha1(f"{user_id}|{experiment_name}".encode("utf-8")).hexdigest()
    return {
        "user_id": user_id,
        "experiment_name": experiment_name,
        "variant": table[int(digest, 16) % BUCKETS],
    }
