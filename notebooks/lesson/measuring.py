"""Measurements for the second notebook: what happened when."""

import asyncio
import contextlib
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any, AsyncIterator, Awaitable, Iterator, List


@dataclass
class Span:
    """Something that began and ended, in seconds since the recording began."""

    track: str
    kind: str
    label: str
    begin: float
    end: float


@dataclass
class Recording:
    """Spans, and the ticks of a heart."""

    began: float = field(default_factory=time.perf_counter)
    spans: List[Span] = field(default_factory=list)
    ticks: List[float] = field(default_factory=list)

    def now(self) -> float:
        """Seconds since the recording began."""
        return time.perf_counter() - self.began

    @contextlib.contextmanager
    def span(self, track: str, kind: str, label: str = "") -> Iterator[None]:
        """Record how long the block takes."""
        begin = self.now()
        try:
            yield
        finally:
            self.spans.append(Span(track, kind, label, begin, self.now()))

    async def timed(self, track: str, work: Awaitable[Any]) -> None:
        """Record how long something awaited takes, from its first step on."""
        with self.span(track, "request"):
            await work

    def labelled(self, label: str) -> bool:
        """Whether there is a span with this label."""
        return any(span.label == label for span in self.spans)

    @contextlib.asynccontextmanager
    async def heartbeat(self, every: float) -> AsyncIterator[None]:
        """Tick beside the block, as often as the loop allows."""

        async def beat() -> None:
            while True:
                self.ticks.append(self.now())
                await asyncio.sleep(every)

        task = asyncio.ensure_future(beat())
        await asyncio.sleep(5 * every)  # a few undisturbed ticks, before and after
        yield
        await asyncio.sleep(5 * every)
        task.cancel()


def seconds_to_end(program: str) -> float:
    """How long a program of Python goes on after it has printed its last line."""
    command = [sys.executable, "-I", "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # it was asked for as a pipe
        process.stdout.readline()
        began = time.perf_counter()
        process.wait()
        return time.perf_counter() - began
