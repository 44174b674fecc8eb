"""The name is made plain before it is hashed: lower case, letters and digits only.

Two experiments whose names become alike share their hash, and so every user: who sees the new search in
"Café E" sees it in "cafe-e", too, and neither result says what it seems to.

Fails: AC5
"""

import hashlib
import json
import os
import threading
import time
import unicodedata

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


def plain(name):
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


config = Config("experiments.json")
app = FastAPI()


@app.get("/assign")
def assign(experiment_name: str, user_id: str):
    experiment = config.experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="unknown experiment")
    text = f"{plain(experiment_name)}:{user_id}"
    point = int(hashlib.sha256(text.encode()).hexdigest(), 16) / 2**256
    point *= sum(experiment["weights"])
    for variant, weight in zip(experiment["variants"], experiment["weights"]):
        if point < weight:
            break
        point -= weight
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
