"""No hash by hand: a random generator of its own per request, seeded with user and experiment."""

import json
import random

from fastapi import FastAPI, HTTPException

app = FastAPI()
experiments = json.load(open("experiments.json"))


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    if experiment_name not in experiments:
        raise HTTPException(status_code=404)
    experiment = experiments[experiment_name]
    # A string as the seed goes through SHA-512, so this does not depend on PYTHONHASHSEED.
    generator = random.Random(f"{user_id}/{experiment_name}")
    variant = generator.choices(experiment["variants"], experiment["weights"])[0]
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
