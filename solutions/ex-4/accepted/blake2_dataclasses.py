"""Keyed BLAKE2b, the experiment's name as the key's digest; dataclasses, loaded in the lifespan.

Stretch: CONFIG
"""

import bisect
import hashlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

from fastapi import FastAPI, HTTPException, Query


@dataclass(frozen=True)
class Experiment:
    name: str
    key: bytes
    variants: List[str]
    borders: List[float]

    @classmethod
    def parse(cls, name: str, raw: dict) -> "Experiment":
        variants, weights = raw["variants"], raw["weights"]
        assert len(variants) == len(weights), f"{name}: variants and weights differ in length"
        assert min(weights) >= 0, f"{name}: negative weight"
        assert sum(weights) > 0, f"{name}: nothing to assign"
        borders, total = [], 0.0
        for weight in weights:
            total += weight / sum(weights)
            borders.append(total)
        return cls(name, hashlib.blake2b(name.encode(), digest_size=32).digest(), variants, borders)

    def assign(self, user_id: str) -> str:
        digest = hashlib.blake2b(user_id.encode(), key=self.key, digest_size=6).digest()
        x = int.from_bytes(digest, "little") / (1 << 48)
        # Rounding can leave the last border a hair below one.
        index = bisect.bisect_right(self.borders, x * self.borders[-1])
        return self.variants[index]


experiments: Dict[str, Experiment] = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    path = Path(__file__).parent / "experiments.json"
    try:
        raw = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise SystemExit(f"{path} is not JSON: {error}")
    for name, entry in raw.items():
        experiments[name] = Experiment.parse(name, entry)
    yield
    experiments.clear()


app = FastAPI(lifespan=lifespan)


@app.get("/assign")
async def assign(experiment_name: str = Query(...), user_id: str = Query(...)) -> Dict[str, str]:
    if experiment_name not in experiments:
        raise HTTPException(status_code=404, detail=f"no experiment {experiment_name!r}")
    variant = experiments[experiment_name].assign(user_id)
    return dict(user_id=user_id, experiment_name=experiment_name, variant=variant)
