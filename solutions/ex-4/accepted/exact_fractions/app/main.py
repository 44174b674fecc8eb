"""A package with modules of its own; exact fractions, no floats; an asyncio task watches the text.

Stretch: CONFIG, RELOAD
"""

import asyncio
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request

from .experiments import Broken, Store

router = APIRouter()


def store(request: Request) -> Store:
    return request.app.state.store


@router.get("/assign")
def assign(experiment_name: str, user_id: str, store: Store = Depends(store)):
    experiment = store.experiments.get(experiment_name)
    if experiment is None:
        raise HTTPException(status_code=404, detail="unknown experiment")
    return {
        "user_id": user_id,
        "experiment_name": experiment_name,
        "variant": experiment.variant_for(user_id),
    }


async def keep_fresh(store: Store) -> None:
    while True:
        await asyncio.sleep(0.25)
        try:
            store.refresh()
        except (Broken, OSError) as error:
            print(f"still serving the last good configuration: {error}", flush=True)


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.store = Store("experiments.json")
    task = asyncio.ensure_future(keep_fresh(app.state.store))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


app = FastAPI(lifespan=lifespan)
app.include_router(router)
