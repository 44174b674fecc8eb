"""The first broken change ends the thread that watches the file.

The last good configuration serves on, as it should. But nobody watches any more: the corrected file,
and every one after it, is ignored until the next restart, with nothing but one old traceback to say so.

Fails: RELOAD
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
            mtime = os.path.getmtime(self.path)
            if mtime != self.mtime:
                self.mtime = mtime
                self.experiments = self.parse()


config = Config("experiments.json")
app = FastAPI()


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    experiment = config.experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="unknown experiment")
    h = int(hashlib.sha1(f"{user_id}@{experiment_name}".encode()).hexdigest(), 16)
    position = (h % 10**8) / 10**8 * sum(experiment["weights"])
    for variant, weight in zip(experiment["variants"], experiment["weights"]):
        position -= weight
        if position < 0:
            break
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
