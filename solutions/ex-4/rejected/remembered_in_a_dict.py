"""A die is rolled once per user, and the result is kept in memory.

Calls that follow each other agree, so it seems to work. The memory is lost at every restart and is
another one in each worker process, so users change sides then. And it grows by an entry for every
visitor and experiment until the process is ended for lack of memory.

Fails: AC1
"""

import json
import os
import random
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
assignments = {}
lock = threading.Lock()


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    experiment = config.experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="unknown experiment")
    key = (experiment_name, user_id)
    with lock:
        if assignments.get(key) not in experiment["variants"]:
            assignments[key] = random.choices(experiment["variants"], experiment["weights"])[0]
        variant = assignments[key]
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
