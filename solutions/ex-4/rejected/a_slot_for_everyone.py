"""Each share is rounded up to whole percent, so that nobody is left out.

One percent is ten times one in a thousand. A careful trial beside a large variant gets ten times the
users that were agreed on, and forty of them together take a quarter of the shop.

Fails: AC3
"""

import hashlib
import json
import math
import os
import threading
import time

from fastapi import FastAPI, HTTPException


class Config:
    def __init__(self, path):
        self.path = path
        self.mtime = os.path.getmtime(path)
        self.experiments = self.parse()
        threading.Thread(target=self.watch, daemon=True).start()

    def parse(self):
        raw = open(self.path, encoding="utf-8").read()
        try:
            experiments = json.loads(raw)
        except json.JSONDecodeError as err:
            raise SystemExit("%s: no JSON: %s" % (self.path, err))
        for name, e in experiments.items():
            ok = len(e["variants"]) == len(e["weights"])
            ok = ok and all(w >= 0 for w in e["weights"]) and any(e["weights"])
            if not ok:
                raise SystemExit("%s: experiment %r is broken" % (self.path, name))
        return experiments

    def watch(self):
        while True:
            time.sleep(0.3)
            try:
                mtime = os.path.getmtime(self.path)
                if mtime != self.mtime:
                    self.mtime = mtime
                    self.experiments = self.parse()
            except (SystemExit, OSError) as err:
                print("still the old configuration:", err)


config = Config("experiments.json")
app = FastAPI()


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    experiment = config.experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="unknown experiment")
    total = sum(experiment["weights"])
    slots = [
        variant
        for variant, weight in zip(experiment["variants"], experiment["weights"])
        for _ in range(math.ceil(weight / total * 100))
    ]
    digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest()
    variant = slots[int(digest, 16) % len(slots)]
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
