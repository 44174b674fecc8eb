"""Two sessions side by side, time from top to bottom."""

import textwrap
from dataclasses import dataclass
from typing import Any, Iterator, List, Sequence

from matplotlib.patches import Rectangle

from grader.database.fixture import Database
from lesson.sessions import Event, Step, play
from lesson.style import BLUE, GREY, INK, ORANGE, PALE, RED, new_figure

_COLUMNS = {"A": 0.0, "B": 5.35}
_WIDTH = 4.95
_CHARACTERS = 52
_ASIDE = 0.75
_SEEN_AT = 11.2


def interleaving(
    database: Database, steps: Sequence[Step], watch: str = "", title: str = ""
) -> None:
    """Step two sessions through a script, and draw what happened."""
    draw(play(database, steps, watch), title, bool(watch))


def draw(events: Sequence[Event], title: str, watched: bool) -> None:
    """Draw what two sessions did, one row a step."""
    boxes = [box for number, event in enumerate(events) for box in _boxes(number, event)]
    heights = [max(box.height for box in boxes if box.row == row) for row in range(len(events))]
    tops = [sum(heights[:row]) for row in range(len(events) + 1)]
    _, axes = new_figure(8.6, 0.56 * tops[-1] + 0.9)
    for name, left in _COLUMNS.items():
        colour = BLUE if name == "A" else ORANGE
        axes.plot([left, left], [0, tops[-1]], color=colour, lw=3, solid_capstyle="butt", zorder=1)
        axes.text(left, -0.15, f"session {name}", weight="bold", va="bottom")
    for box in boxes:
        _draw_box(axes, box, tops[box.row])
    for number, event in enumerate(events):
        if event.ended != number:
            _draw_wait(axes, event, tops[number + 1], tops[event.ended])
        if watched:
            at = (tops[number] + tops[number + 1]) / 2
            axes.text(_SEEN_AT, at, event.watched, ha="center", va="center")
    if watched:
        axes.text(_SEEN_AT, -0.15, "others see", weight="bold", va="bottom", ha="center")
    axes.set(xlim=(-0.1, 11.75 if watched else 10.5), ylim=(tops[-1] + 0.05, -0.5))
    axes.axis("off")
    axes.set_title(title)


@dataclass(frozen=True)
class _Box:
    row: int
    who: str
    text: str
    failed: bool = False
    aside: float = 0.0  # how far a box is moved in, to leave room for a wait

    @property
    def height(self) -> float:
        return 0.28 * (self.text.count("\n") + 1) + 0.26


def _boxes(number: int, event: Event) -> Iterator[_Box]:
    """One box for a step; one more, further down, for the end of a step that had to wait."""
    result = _result(event)
    if event.ended == number:
        yield _Box(number, event.who, _wrapped([event.statement, *result]), event.failed)
        return
    yield _Box(number, event.who, _wrapped([event.statement, "  … waits"]))
    yield _Box(event.ended, event.who, _wrapped(result, 44), event.failed, _ASIDE)


def _result(event: Event) -> List[str]:
    lines = []
    if not event.result.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
        lines.append(f"  {'× ' if event.failed else ''}{event.result or 'done'}")
    if event.note:
        lines.append(f"-- {event.note}")
    return lines


def _wrapped(lines: Sequence[str], width: int = _CHARACTERS) -> str:
    wrapped = (textwrap.wrap(line, width, drop_whitespace=False) or [""] for line in lines)
    return "\n".join(part for parts in wrapped for part in parts)


def _draw_box(axes: Any, box: _Box, top: float) -> None:
    left = _COLUMNS[box.who] + 0.12 + box.aside
    colour = RED if box.failed else BLUE if box.who == "A" else ORANGE
    corner, width = (left, top + 0.05), _WIDTH - 0.12 - box.aside
    axes.add_patch(
        Rectangle(
            corner, width, box.height - 0.1, fc="white", ec=colour, lw=2 if box.failed else 0.9
        )
    )
    middle = top + box.height / 2
    axes.text(left + 0.1, middle, box.text, va="center", family="monospace", fontsize=8)


def _draw_wait(axes: Any, event: Event, begin: float, end: float) -> None:
    """A hatched stretch from the step that has to wait to the row in which it goes on."""
    at = _COLUMNS[event.who] + 0.12 + _ASIDE / 2 - 0.08
    end += 0.25
    axes.bar(
        at, end - begin + 0.05, 0.4, bottom=begin - 0.05, fc=PALE, hatch="xxx", ec=GREY, lw=0.5
    )
    axes.plot([at], [end], "v", color=INK, ms=8, clip_on=False)
