"""Only the first letters of the experiment's name go into the hash.

"banner-summer-a" and "banner-summer-b" are the same to it, and names of experiments that run side by
side tend to begin alike. The two experiments split the users at the same place, and whatever one of
them finds is mixed with the other.

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
    salt = experiment_name.encode()[:8]
    digest = hashlib.blake2b(user_id.encode(), salt=salt, digest_size=6).digest()
    point = int.from_bytes(digest, "big") / 2**48 * sum(exp["weights"])
    for variant, weight in zip(exp["variants"], exp["weights"]):
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
