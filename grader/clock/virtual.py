"""The clock of a service: installed in its process before the submission is loaded. Standard
library only.

`driven`: time moves only when the examiner says so, but for a tick at each reading, and every sleep
and time-out of the standard library waits for that. `shifted`: the calendar starts at another
moment and runs on.
"""

import asyncio
import datetime as dates
import itertools
import sched
import sys
import time
from typing import Any, Callable, Dict, List, Optional

from grader.clock import clocks, frames, replace, selects, waits
from grader.clock.timeline import SECOND, Timeline

Handlers = Dict[str, Callable[[Dict[str, Any]], Dict[str, Any]]]
LoopFactory = Callable[[], asyncio.AbstractEventLoop]

# The names of audit events: https://docs.python.org/3/library/audit_events.html
STARTS_A_PROCESS = {
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "subprocess.Popen",
    "_winapi.CreateProcess",
}
# Nanoseconds: no two readings of a clock are the same, and who reads it twice has a difference to
# divide by. A thousand readings are a millisecond, which no verdict rests on.
TICK = 1_000
# Nanoseconds. Rest is dear to tell by looking at frames, so what wakes up and waits again is not
# looked at each time; who is woken by it may see the time by so much too late.
GLIDE = SECOND // 10
# Seconds: a connection that is kept open must outlive all advances of a driven clock.
KEEP_ALIVE = 7 * 24 * 3600


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


def _drive(handlers: Handlers, now: Optional[dates.datetime]) -> LoopFactory:
    timeline = Timeline()
    calendar_start = int(now.timestamp() * SECOND) if now else time.time_ns()
    steady_start = time.monotonic_ns()
    ticks = itertools.count(step=TICK)
    waiting, functions = waits.install(timeline)
    functions.update(selects.install(waiting))

    def passed() -> int:
        waiting.reading()
        return timeline.elapsed + next(ticks)

    def wall() -> int:
        return calendar_start + passed()

    def steady() -> int:
        return steady_start + passed()

    functions.update(clocks.calendar(wall))
    functions.update(clocks.steady(steady))
    functions.update(clocks.numbered(wall, steady))
    replace.everywhere(functions)
    clocks.install_dates(wall)
    clocks.install_uuids(wall)
    sched.scheduler.__init__.__defaults__ = (time.monotonic, time.sleep)

    threads = frames.Frames(tries=waiting.tries)

    def step(message: Dict[str, Any]) -> Dict[str, Any]:
        if message["ask_first"] and not threads.at_rest(message["slow"]):
            return {"now": timeline.elapsed, "busy": True}
        if message["force"]:
            timeline.stop_listening()
        glides = message["slow"] is not None and not message["ask_first"]
        before = threads.sample() if glides else {}
        answer = timeline.step(message["until"], message["grain"], message["arrive"])
        if glides and "rung" in answer:
            glide(min(message["until"], timeline.elapsed + GLIDE), before, message["slow"])
        return {**answer, "now": timeline.elapsed}

    def glide(until: int, before: frames.Sample, slow: float) -> None:
        """Go on for as long as those who are rung do nothing but wait again."""
        rung = set(timeline.rung)
        while threads.stand(before, rung, slow, timeline.wait_again):
            if "rung" not in timeline.step(until, arrive=False):
                return
            rung |= timeline.rung

    handlers["clock.step"] = step
    forked: List[str] = []

    def note(event: str, _arguments: Any) -> None:
        if event in STARTS_A_PROCESS:
            forked.append(event)

    sys.addaudithook(note)
    handlers["clock.forked"] = lambda message: {"forked": bool(forked) or _multiprocesses()}
    handlers["clock.at_rest"] = lambda message: {"at_rest": threads.at_rest(message["slow"])}
    return asyncio.new_event_loop


def _multiprocesses() -> bool:
    """Whether `multiprocessing` has started a process: that raises no audit event everywhere."""
    module = sys.modules.get("multiprocessing.process")
    return bool(getattr(module, "_children", ()))


def _shift(now: Optional[dates.datetime]) -> LoopFactory:
    real = time.time_ns
    shift = int(now.timestamp() * SECOND) - real() if now else 0

    def wall() -> int:
        return real() + shift

    functions = clocks.calendar(wall)
    functions.update(clocks.numbered(wall, None))
    replace.everywhere(functions)
    clocks.install_dates(wall)
    clocks.install_uuids(wall)
    return asyncio.new_event_loop
