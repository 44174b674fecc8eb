"""Does once, in the process that services are forked from, what each would do at its start.

FastAPI and pydantic import and compute much when the first application is built and when the first
request is answered: some 25 ms, more than all else of a service's start.

AnyIO's part for asyncio is left to the service, though it takes 4 ms at the first endpoint that is
no coroutine: a submission that patches asyncio meets it as it would anywhere else. What that part
imports, which takes 6, is imported here.
"""

import asyncio
import contextlib
import importlib
import warnings
from typing import Any, Dict, Iterator

# Of the grader itself: what a service takes before it is the submission's alone.
OF_THE_GRADER = ("grader.sandbox", "grader.clock.virtual", "grader.service.observation")

OF_ANYIO = ("anyio._core._sockets", "anyio._core._streams")


def prime() -> None:
    """Build an application of FastAPI, and answer a request; nothing where there is none."""
    for name in OF_ANYIO:
        with contextlib.suppress(ImportError):  # another version has other parts
            importlib.import_module(name)
    # What fails or warns here does so in the submission, too, and is told there.
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asyncio.run(_answer(_application()))


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Show none; the filters that imported packages set stay, unlike after ``catch_warnings``."""
    shown = warnings.showwarning
    warnings.showwarning = lambda *args, **kwargs: None
    try:
        yield
    finally:
        warnings.showwarning = shown


def _application() -> Any:
    import fastapi
    import pydantic

    class Model(pydantic.BaseModel):
        number: int

    application = fastapi.FastAPI()

    @application.post("/", response_model=Model)
    async def echo(model: Model) -> Model:
        return model

    return application


async def _answer(application: Any) -> None:
    scope: Dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }

    async def receive() -> Dict[str, Any]:
        return {"type": "http.request", "body": b'{"number": 1}', "more_body": False}

    async def send(message: Any) -> None:
        return None

    await application(scope, receive, send)
