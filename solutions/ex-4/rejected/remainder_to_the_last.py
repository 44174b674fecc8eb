"""What rounding leaves over goes to the last variant.

Three thirds of a thousand buckets are 999. The bucket that is left falls to whoever stands last in the
file, even with the weight zero: the variant that was switched off still reaches a user in a thousand.

Fails: AC3
"""

import hashlib
import json
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
    digest = hashlib.sha256(f"{experiment_name}:{user_id}".encode()).hexdigest()
    bucket = int(digest, 16) % 1000
    total = sum(experiment["weights"])
    variant = experiment["variants"][-1]
    border = 0
    for candidate, weight in zip(experiment["variants"], experiment["weights"]):
        border += int(weight / total * 1000)
        if bucket < border:
            variant = candidate
            break
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
