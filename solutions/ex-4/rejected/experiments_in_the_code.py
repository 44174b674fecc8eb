"""The experiments stand in the code.

It answers every example of the ticket rightly, and the file is there, unread. The next experiment
needs a developer, a review and a deployment, which is what the file was to save.

Fails: AC4, CONFIG, RELOAD
Blocks: AC1, AC3, AC5
"""

import hashlib

from fastapi import FastAPI, HTTPException

app = FastAPI()

EXPERIMENTS = {
    "homepage_headline": {"control": 50, "question": 25, "number": 25},
    "checkout_button": {"green": 1, "orange": 1},
    "pricing_page": {"monthly first": 0.7, "yearly first": 0.3, "single plan": 0},
}


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    if experiment_name not in EXPERIMENTS:
        raise HTTPException(status_code=404, detail="Experiment not found")
    weights = EXPERIMENTS[experiment_name]
    digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).digest()
    point = int.from_bytes(digest[:6], "big") / 2**48 * sum(weights.values())
    for variant, weight in weights.items():
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
