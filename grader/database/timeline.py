"""What the connections of a service did during a race, as a few lines of text."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

# The scorecard sets it in by some columns of its eighty.
WIDTH = 72
MOST_LINES = 14
_MOST_LOG = 256 * 1024
_ENTRY = re.compile(r"(\d+\.\d+) \[(\d+)\] LOG: +(?:statement|execute [^:]*): (.*)", re.DOTALL)
_SELECT_LIST = re.compile(r"\bselect\b.*?\bfrom\b", re.IGNORECASE)
# What drivers say for themselves, and transactions that only begin, would bury what matters.
_TELLING = re.compile(
    r"(insert|update|delete|with|commit|rollback|lock)\b|.*\badvisory_?\w*lock", re.I
)


@dataclass(frozen=True)
class Watched:
    """A connection that was seen waiting: when, its process, its statement."""

    at: float
    pid: int
    statement: str


@dataclass(frozen=True)
class Event:
    """One line of a timeline: seconds since the start, the server's process (0: nobody's), text."""

    at: float
    pid: int
    text: str
    waits: bool = False


def read_events(
    log: Optional[Path], offset: int, watched: Sequence[Watched], table: str
) -> List[Event]:
    """What the server's log has since ``offset``; without one, what was seen waiting."""
    waiting = {one.pid: one.statement for one in watched}
    events: List[Event] = []
    for at, pid, statement in _statements(log, offset) if log is not None else ():
        waits = waiting.get(pid) == statement
        if waits or _TELLING.match(statement) or table in statement:
            events.append(Event(at, pid, _short(statement), waits))
    if not events:
        events = [Event(one.at, one.pid, _short(one.statement), True) for one in watched]
    return events


def _statements(log: Path, offset: int) -> Iterator[Tuple[float, int, str]]:
    with log.open("rb") as file:
        file.seek(offset)
        # On Windows the server ends its lines as Windows does.
        text = file.read(_MOST_LOG).decode("utf-8", "replace").replace("\r\n", "\n")
    # A statement of several lines goes on with a tab.
    for entry in re.split(r"\n(?!\t)", text):
        match = _ENTRY.match(entry)
        if match is not None:
            yield float(match.group(1)), int(match.group(2)), match.group(3).replace("\n\t", "\n")


def _short(statement: str) -> str:
    line = " ".join(statement.split())
    return _SELECT_LIST.sub("SELECT … FROM", line, count=1)


def render(events: Sequence[Event], began: float) -> str:
    """Two of the connections, and what belongs to nobody, in order; ``began`` is zero."""
    shown = [event for pid in _two_connections(events) for event in _until_done(events, pid)]
    picked = sorted([*shown, *(e for e in events if not e.pid)], key=lambda e: e.at)
    names = dict(zip(dict.fromkeys(event.pid for event in picked if event.pid), "AB"))
    lines = [_line(event, began, names) for event in _without_repeats(picked)]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"{'…':>6}"]
    head = "Milliseconds, and what two of the service's connections did:"
    return "\n".join([head, *lines])


def _two_connections(events: Sequence[Event]) -> List[int]:
    """The two that waited first, else the two that came first."""
    order = sorted((e for e in events if e.pid), key=lambda e: (not e.waits, e.at))
    return list(dict.fromkeys(event.pid for event in order))[:2]


def _until_done(events: Sequence[Event], pid: int) -> Iterator[Event]:
    """What a connection did for its first request: later it may serve another."""
    waited = False
    for event in sorted((e for e in events if e.pid == pid), key=lambda e: e.at):
        yield event
        waited = waited or event.waits
        if waited and event.text.upper().startswith(("COMMIT", "ROLLBACK")):
            return


def _without_repeats(events: Sequence[Event]) -> Iterator[Event]:
    """What belongs to nobody twice at the most: two answers tell as much as eight."""
    seen: Dict[str, int] = {}
    for event in events:
        seen[event.text] = seen.get(event.text, 0) + 1
        if event.pid or seen[event.text] <= 2:
            yield event


def _line(event: Event, began: float, names: Dict[int, str]) -> str:
    name = names.get(event.pid, " ")
    wait = " (waits)" if event.waits else ""
    room = WIDTH - 11 - len(wait)
    text = event.text if len(event.text) <= room else event.text[: room - 1] + "…"
    return f"{max(0.0, event.at - began) * 1000:6.0f}  {name}  {text}{wait}"
