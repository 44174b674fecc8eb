"""How a service is started, and how a start ends that fails."""

import contextlib
import datetime
import os
import re
import urllib.parse
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from grader.errors import CheckFailed
from grader.scorecard import Problem
from grader.service.child import STACKS
from grader.service.console import neutralise
from grader.service.scratch import Scratch

LONGEST_STACKS = 100_000

Clock = Union[None, str, datetime.datetime]


@dataclass(frozen=True)
class LaunchOptions:
    """How a service is started.

    env: added to its environment; None removes a variable.
    files: written over its copy of the submission, by name.
    clock: None (the machine's), "driven" (moves only when told) or a datetime (today is then).
    calendar: where the calendar of a driven clock begins; now, when left out.
    observe: what is watched in its process ("comparisons").
    connect_ports: TCP ports on 127.0.0.1 that it may connect to.
    apart: it shares no salt of the built-in ``hash`` with those that are not apart.
    """

    env: Mapping[str, Optional[str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    clock: Clock = None
    calendar: Optional[datetime.datetime] = None
    observe: Sequence[str] = ()
    connect_ports: Sequence[int] = ()
    apart: bool = False

    def ports(self) -> List[int]:
        """The TCP ports that the service may connect to: those named, and those of its URLs."""
        ports = list(self.connect_ports)
        for value in self.env.values():
            with contextlib.suppress(ValueError):
                port = urllib.parse.urlsplit(value or "").port
                ports += [port] if port else []
        return ports

    def clock_order(self) -> Optional[Dict[str, Any]]:
        """The clock as a launcher's order has it."""
        if self.clock is None:
            return None
        if isinstance(self.clock, datetime.datetime):
            return {"mode": "shifted", "now": self.clock.isoformat()}
        return {"mode": self.clock, "now": self.calendar and self.calendar.isoformat()}


class ServiceDidNotStart(CheckFailed):
    """A start that a test asked for failed, though the standard start had worked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def hang_located(problem: Problem, scratch: Scratch) -> Problem:
    """A hang at start-up with the place in the submission where it waits, if that is known.

    The service's own process wrote its stacks (faulthandler) shortly before its time was up.
    """
    try:
        stacks = scratch.read_own(STACKS, LONGEST_STACKS).decode("utf-8", "replace")
    except OSError:
        return problem
    inner = re.escape(str(scratch.folder) + os.sep)
    frame = re.compile(rf'File "{inner}([^"]+)", line (\d+) in (.*)')
    found = [match for match in map(frame.search, stacks.splitlines()) if match]
    if not found:
        return problem
    # The innermost frame of a thread comes first; the main thread comes last of all.
    name, line = neutralise(found[0][1]).replace(os.sep, "/"), int(found[0][2])
    return replace(
        problem,
        message=f"{problem.message} It waits in {name}, line {line}.",
        detail="\n".join(f"  {neutralise(match[0])}" for match in found[:20]),
        file=name,
        line=line,
    )
