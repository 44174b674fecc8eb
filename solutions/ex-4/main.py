"""PROJ-104 · Config-driven A/B assignment: the reference solution.

The variant is worked out, not stored: user and experiment are hashed to a number in [0, 1), and
the number is looked up in the cumulative weights of the experiment's variants.
"""

import hashlib
import logging
from bisect import bisect_right
from contextlib import asynccontextmanager
from itertools import accumulate
from pathlib import Path
from typing import AsyncIterator, Dict, List, Tuple

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, Field, FiniteFloat, TypeAdapter, ValidationError, model_validator
from typing_extensions import Annotated

# uvicorn shows what is logged here in its own format.
logger = logging.getLogger("uvicorn.error")

CONFIG_FILE = Path(__file__).with_name("experiments.json")

NonEmpty = Annotated[str, Field(min_length=1)]
Weight = Annotated[FiniteFloat, Field(ge=0)]


class Experiment(BaseModel):
    """An experiment as experiments.json describes it."""

    variants: List[NonEmpty]
    weights: List[Weight]

    @model_validator(mode="after")
    def weights_fit_variants(self) -> "Experiment":
        """Refuse weights from which no variant could be chosen."""
        if len(self.variants) != len(self.weights):
            raise ValueError(f"{len(self.variants)} variants, but {len(self.weights)} weights")
        if not sum(self.weights) > 0:
            raise ValueError("at least one weight must be greater than zero")
        return self

    def variant_at(self, position: float) -> str:
        """The variant at ``position`` in [0, 1) when the variants lie side by side by weight."""
        borders = list(accumulate(self.weights))
        # Right of equal borders: a variant of weight zero has no width and is never met.
        return self.variants[bisect_right(borders, position * borders[-1])]


Experiments = Dict[NonEmpty, Experiment]
EXPERIMENTS = TypeAdapter(Experiments)


class ConfigError(Exception):
    """experiments.json cannot be used; the message says where."""


def load(path: Path) -> Experiments:
    """Read and check the experiments; raises ConfigError."""
    try:
        return EXPERIMENTS.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(f"{path.name} cannot be used: {error}") from error


class ExperimentFile:
    """The experiments of a file: read at the start, and again when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()
        self._experiments = load(path)

    def _stamp(self) -> Tuple[int, ...]:
        try:
            status = self._path.stat()
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def current(self) -> Experiments:
        """The newest experiments that were good."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp  # first, so that a broken file is complained about only once
            try:
                self._experiments = load(self._path)
            except ConfigError as error:
                logger.error("Serving the last good experiments: %s", error)
        return self._experiments


def position(experiment_name: str, user_id: str) -> float:
    """A number in [0, 1) that depends on user and experiment, and on nothing else."""
    # The zero byte keeps ("ab", "c") and ("a", "bc") apart.
    digest = hashlib.sha256(f"{experiment_name}\0{user_id}".encode()).digest()
    # Six bytes: a float holds them exactly, so the quotient never rounds up to 1.
    return int.from_bytes(digest[:6], "big") / 2**48


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load the experiments before the first request; a broken file stops the start."""
    app.state.experiment_file = ExperimentFile(CONFIG_FILE)
    yield


app = FastAPI(title="A/B assignment", lifespan=lifespan)


async def current_experiments(request: Request) -> Experiments:
    """The experiments to serve this request with."""
    experiment_file: ExperimentFile = request.app.state.experiment_file
    return experiment_file.current()


class Assignment(BaseModel):
    """The answer: which variant the user gets."""

    user_id: str
    experiment_name: str
    variant: str


@app.get("/assign")
async def assign(
    experiment_name: str,
    user_id: str,
    experiments: Annotated[Experiments, Depends(current_experiments)],
) -> Assignment:
    """Tell which variant of an experiment a user gets."""
    experiment = experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="Experiment not found")
    variant = experiment.variant_at(position(experiment_name, user_id))
    return Assignment(user_id=user_id, experiment_name=experiment_name, variant=variant)
