"""PROJ-104 · Config-driven A/B assignment: the starter stub. The ticket is in README.md."""

from fastapi import FastAPI, HTTPException

app = FastAPI(title="A/B assignment")

# TODO 1: load experiments.json when the service starts.


@app.get("/assign")
def assign(experiment_name: str, user_id: str) -> dict:
    """Tell which variant of an experiment a user gets."""
    # TODO 2: an experiment that is not in the file gives 404.
    # TODO 3: work out a number from the user and the experiment, the same one in every process.
    # TODO 4: turn the number into a variant, so that the shares follow the weights.
    # TODO 5: answer with user_id, experiment_name and variant.
    raise HTTPException(status_code=501, detail="Not implemented yet")
