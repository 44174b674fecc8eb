"""The clock of a service: installed in its process before the submission is loaded. Standard
library only.

`driven`: time stands still and moves only when the examiner says so, and every sleep and time-out
of the standard library waits for that. `shifted`: the calendar starts at another moment and runs
on.
"""

import asyncio
import datetime as dates
import sched
import time
from typing import Any, Callable, Dict, Optional

from grader.clock import clocks, frames, replace, waits
from grader.clock.timeline import SECOND, Timeline

Handlers = Dict[str, Callable[[Dict[str, Any]], Dict[str, Any]]]
LoopFactory = Callable[[], asyncio.AbstractEventLoop]

_KEEP_ALIVE = 7 * 24 * 3600  # seconds: a connection that is kept open must outlive all advances


def install(
    handlers: Handlers, now: Optional[dates.datetime] = None, mode: str = "driven"
) -> LoopFactory:
    """Give this process its clock.

    Args:
        handlers: gets the operations that move it.
        now: where the calendar starts; now, when left out.
        mode: "driven" or "shifted".

    Returns:
        What makes the event loop that the service is to run on.
    """
    if mode == "shifted":
        return _shift(now)
    if mode == "driven":
        return _drive(handlers, now)
    raise ValueError("no such clock: " + mode)


def server_class(base: Any) -> Any:
    """A `uvicorn.Server` that does not tick, and that keeps idle connections open."""

    class DrivenServer(base):  # type: ignore[misc]  # the base is known at run time only
        """Serves under the driven clock."""

        def __init__(self, config: Any) -> None:
            config.timeout_keep_alive = _KEEP_ALIVE
            super().__init__(config)
            self._ended: Optional[asyncio.Event] = None
            self._loop: Optional[asyncio.AbstractEventLoop] = None

        async def main_loop(self) -> None:
            """Wait to be told to end."""
            self._loop = asyncio.get_running_loop()
            self._ended = asyncio.Event()
            await self.on_tick(0)  # sets the headers that every answer has
            if not self.should_exit:
                await self._ended.wait()

        def handle_exit(self, sig: int, frame: Any) -> None:
            """Hear a signal, and wake the loop for it."""
            super().handle_exit(sig, frame)
            if self._loop is not None and self._ended is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._ended.set)

    return DrivenServer


def _drive(handlers: Handlers, now: Optional[dates.datetime]) -> LoopFactory:
    timeline = Timeline()
    calendar_start = int(now.timestamp() if now else time.time()) * SECOND
    steady_start = (
        int(time.monotonic()) * SECOND
    )  # whole seconds: sums of whole and half ones stay exact
    waiting, functions = waits.install(timeline)

    def wall() -> int:
        waiting.reading()
        return calendar_start + timeline.elapsed

    def steady() -> int:
        waiting.reading()
        return steady_start + timeline.elapsed

    functions.update(clocks.calendar(wall))
    functions.update(clocks.steady(steady))
    functions.update(clocks.numbered(wall, steady))
    replace.everywhere(functions)
    clocks.install_dates(wall)
    sched.scheduler.__init__.__defaults__ = (time.monotonic, time.sleep)

    threads = frames.Frames()

    def step(message: Dict[str, Any]) -> Dict[str, Any]:
        if message["ask_first"] and not threads.at_rest():
            return {"now": timeline.elapsed, "busy": True}
        if message["force"]:
            timeline.stop_listening()
        return timeline.step(message["until"], message["grain"], message["arrive"])

    handlers["clock.step"] = step
    handlers["clock.at_rest"] = lambda message: {"at_rest": threads.at_rest()}
    return _new_loop


def _new_loop() -> asyncio.AbstractEventLoop:
    """A loop that waits in a selector (on Windows the usual one does not)."""
    return asyncio.SelectorEventLoop()


def _shift(now: Optional[dates.datetime]) -> LoopFactory:
    real = time.time_ns
    shift = int(now.timestamp() * SECOND) - real() if now else 0

    def wall() -> int:
        return real() + shift

    functions = clocks.calendar(wall)
    functions.update(clocks.numbered(wall, None))
    replace.everywhere(functions)
    clocks.install_dates(wall)
    return asyncio.new_event_loop
