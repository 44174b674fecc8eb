"""Missing parameters are looked for by hand and answered with 400.

FastAPI would have done it: with the status that all other endpoints use, with the name of the
parameter in a form that programs can read, and in the documentation. The code by hand is one more
thing that every client has to treat as a special case.

Fails: AC2
"""

import hashlib
import json
import os
import threading
import time

from typing import Optional

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
def assign(experiment_name: Optional[str] = None, user_id: Optional[str] = None):
    if experiment_name is None or user_id is None:
        raise HTTPException(status_code=400, detail="experiment_name and user_id are required")
    if experiment_name not in config.experiments:
        raise HTTPException(status_code=404, detail="unknown experiment")
    experiment = config.experiments[experiment_name]
    h = int.from_bytes(hashlib.sha256((user_id + "/" + experiment_name).encode()).digest(), "big")
    position = (h % 10**8) / 10**8 * sum(experiment["weights"])
    for variant, weight in zip(experiment["variants"], experiment["weights"]):
        position -= weight
        if position < 0:
            return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
