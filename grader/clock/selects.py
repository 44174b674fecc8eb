"""What replaces the waits for sockets under the driven clock, and with them those of event loops.

A `select` with a time-out becomes one without, that a bell of the timeline ends: a socket that is
selected as well, or for a proactor a status that belongs to nothing.
"""

import asyncio
import contextlib
import importlib
import select
import selectors
import threading
from typing import Any, Callable, List, Optional, Tuple

from grader.clock import replace
from grader.clock.bells import SocketBell
from grader.clock.waits import FREE, POLL, Waits

TURNS = 5_000  # a loop that polls this often without ever waiting is waiting by turning in circles
NOBODYS = 1  # the address of no operation, in the status that ends a proactor's wait

Select = Callable[..., List[Any]]


class Selects:
    """The selects of one process, among its waits."""

    def __init__(self, waits: Waits) -> None:
        self._timeline = waits.timeline
        self._mine = waits.mine
        self._bells = threading.local()  # of each thread one

    def _bell(self) -> SocketBell:
        bell: Optional[SocketBell] = getattr(self._bells, "one", None)
        if bell is None:
            bell = self._bells.one = SocketBell()
        return bell

    def selector(self, real: Select) -> Select:
        """`select` of a selector, and with it every event loop of asyncio but a proactor's."""

        def hear(selector: Any, timeout: float) -> List[Any]:
            bell = self._bell()
            selector.register(bell.ear, selectors.EVENT_READ)
            try:
                with self._timeline.within(timeout, bell.ring):
                    ready = real(selector, None)
            finally:
                selector.unregister(bell.ear)
                bell.hush()
            return [each for each in ready if each[0].fileobj is not bell.ear]

        return self._turn(real, hear)

    def proactor(self, real: Select, post: Callable[..., None]) -> Select:
        """`select` of a proactor, which waits in the usual event loop of Windows.

        Args:
            real: `asyncio.IocpProactor.select`.
            post: `PostQueuedCompletionStatus`.
        """

        def hear(proactor: Any, timeout: float) -> List[Any]:
            def ring() -> None:
                with contextlib.suppress(OSError, TypeError):  # it has been closed
                    post(proactor._iocp, 0, 0, NOBODYS)

            with self._timeline.within(timeout, ring):
                return real(proactor, None)

        return self._turn(real, hear)

    def _turn(self, real: Select, hear: Callable[[Any, float], List[Any]]) -> Select:
        """One wait of an event loop: `real` as it was, `hear` until virtual time is up."""

        def wait(selector: Any, timeout: Optional[float] = None) -> List[Any]:
            mine = self._mine
            mine.reads = 0
            if timeout is None:
                mine.turns = 0
                return real(selector, None)
            if timeout <= 0:
                ready = real(selector, 0)
                mine.turns = min(mine.turns, TURNS - FREE) if ready else mine.turns + 1
                if ready or mine.turns < TURNS:
                    return ready
                mine.turns = TURNS - FREE
                timeout = POLL
            else:
                mine.turns = 0
            return hear(selector, timeout)

        return wait

    def function(self) -> Callable[..., Any]:
        """`select.select`."""
        real = select.select

        def wait(
            readers: Any, writers: Any, others: Any, timeout: Optional[float] = None
        ) -> Tuple[List[Any], List[Any], List[Any]]:
            if timeout is None or timeout <= 0:
                return real(readers, writers, others, timeout)
            self._mine.rested()
            bell = self._bell()
            try:
                with self._timeline.within(timeout, bell.ring):
                    ready = real([*readers, bell.ear], writers, others)
            finally:
                bell.hush()
            return ([each for each in ready[0] if each is not bell.ear], ready[1], ready[2])

        return wait


def install(waits: Waits) -> replace.Replacements:
    """Replace the methods that wait; give the function that is still to be replaced."""
    selects = Selects(waits)
    for kind in _selector_types():
        kind.select = selects.selector(kind.select)  # type: ignore[attr-defined]
    proactor = getattr(asyncio, "IocpProactor", None)  # Windows alone has it
    if proactor is not None:
        post = importlib.import_module("_overlapped").PostQueuedCompletionStatus
        proactor.select = selects.proactor(proactor.select, post)
    return {select.select: selects.function()}


def _selector_types() -> List[type]:
    """The selectors that bring a `select` of their own, each once (one is the default as well)."""
    found = {kind for kind in vars(selectors).values() if isinstance(kind, type)}
    return [
        kind
        for kind in found
        if issubclass(kind, selectors.BaseSelector)
        and kind is not selectors.BaseSelector
        and "select" in vars(kind)
    ]
