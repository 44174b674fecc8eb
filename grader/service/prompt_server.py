"""A server that hears a signal at once; uvicorn's own looks for one ten times a second."""

import asyncio
from typing import Any, Optional

TICK_SECONDS = 1.0  # the Date of its answers counts whole seconds


def server_class(base: Any, *, ticks: bool) -> Any:
    """A ``uvicorn.Server`` that sleeps until it is told to end.

    Args:
        base: the class to begin with.
        ticks: whether the date in its answers moves on; not under a clock that stands still.
    """

    class PromptServer(base):  # type: ignore[misc]  # the base is known only at run time
        """Waits for an event where its base polls."""

        def __init__(self, config: Any) -> None:
            super().__init__(config)
            self._woken: Optional[asyncio.Event] = None
            self._loop: Optional[asyncio.AbstractEventLoop] = None

        async def main_loop(self) -> None:
            """Serve until told to end."""
            self._loop = asyncio.get_running_loop()
            self._woken = asyncio.Event()
            while not await self.on_tick(0):  # the tick that sets the headers of all answers
                if ticks:
                    self._loop.call_later(TICK_SECONDS, self._woken.set)
                await self._woken.wait()
                self._woken.clear()

        def handle_exit(self, sig: int, frame: Any) -> None:
            """Hear a signal, and wake the loop for it."""
            super().handle_exit(sig, frame)
            if self._loop is not None and self._woken is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._woken.set)

    return PromptServer
