"""Plain Starlette, and a thread that looks at the file twice a second; HMAC under the name.

Stretch: CONFIG, RELOAD
"""

import hmac
import json
import os
import threading

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "experiments.json")


class Config:
    def __init__(self):
        self.stop = threading.Event()
        self.modified = os.stat(PATH).st_mtime
        self.experiments = self.load()

    def load(self):
        with open(PATH, "rb") as file:
            data = json.loads(file.read().decode())
        table = {}
        for name, entry in data.items():
            weights = entry["weights"]
            if len(entry["variants"]) != len(weights):
                raise ValueError("%s: unequal lengths" % name)
            if [w for w in weights if w < 0] or not any(weights):
                raise ValueError("%s: unusable weights %s" % (name, weights))
            table[name] = [(v, w) for v, w in zip(entry["variants"], weights) if w > 0]
        return table

    def watch(self):
        while not self.stop.wait(0.5):
            try:
                modified = os.stat(PATH).st_mtime
                if modified != self.modified:
                    self.modified = modified
                    self.experiments = self.load()
            except Exception as error:
                print("experiments.json not reloaded:", error)


try:
    config = Config()
except Exception as error:
    raise SystemExit("experiments.json: %s" % error)
threading.Thread(target=config.watch, daemon=True).start()


async def assign(request):
    missing = [p for p in ("experiment_name", "user_id") if p not in request.query_params]
    if missing:
        return JSONResponse({"detail": "missing: " + ", ".join(missing)}, 422)
    name, user = request.query_params["experiment_name"], request.query_params["user_id"]
    if name not in config.experiments:
        return JSONResponse({"detail": "unknown experiment"}, 404)
    choices = config.experiments[name]
    mac = hmac.new(name.encode(), user.encode(), "sha256").digest()
    at = int.from_bytes(mac, "big") / 2**256 * sum(w for _, w in choices)
    chosen = choices[-1][0]
    for variant, weight in choices:
        at -= weight
        if at < 0:
            chosen = variant
            break
    return JSONResponse({"user_id": user, "experiment_name": name, "variant": chosen})


app = Starlette(routes=[Route("/assign", assign)])
