"""CRC-32 is taken for a hash.

A checksum finds damaged bytes; it does not mix. The CRCs of two texts that differ in a few letters
differ by the same bits, whatever stands before and after. For two experiments of equal length
everybody keeps the side, or everybody changes it. One experiment alone looks perfect.

Fails: AC5
"""

import json
import os
import threading
import time
import zlib

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
    checksum = zlib.crc32(f"{experiment_name}:{user_id}".encode())
    position = checksum / 2**32 * sum(experiment["weights"])
    for variant, weight in zip(experiment["variants"], experiment["weights"]):
        position -= weight
        if position < 0:
            break
    return {"user_id": user_id, "experiment_name": experiment_name, "variant": variant}
