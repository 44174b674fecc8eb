"""Pictures with time from left to right."""

from typing import Any, Dict, List, Mapping, Sequence, Tuple

from lesson.measuring import Recording
from lesson.style import BLUE, GREY, INK, ORANGE, PALE, new_figure, only_time

_LOOKS: Dict[str, Dict[str, Any]] = {
    "request": {"facecolor": "#8cc4e8", "edgecolor": BLUE},
    "waiting": {"facecolor": PALE, "edgecolor": GREY, "hatch": "xx"},
    "job": {"facecolor": "#fbe3ae", "edgecolor": "#b98600", "hatch": "////"},
}


def timeline(recordings: Mapping[str, Recording], height: float = 2.2) -> None:
    """Recordings below each other, on one scale of time."""
    _, panels = new_figure(
        8.2, height * len(recordings), nrows=len(recordings), sharex=True, squeeze=False
    )
    for axes, (title, recording) in zip(panels[:, 0], recordings.items()):
        axes.set_title(title)
        _panel(axes, recording)
        only_time(axes, "")
    panels[-1, 0].set_xlabel("seconds")
    # Last: a limit that is set ends the scaling, and the panels share theirs.
    panels[-1, 0].set_xlim(left=-0.02)


def _panel(axes: Any, recording: Recording) -> None:
    spans = sorted(recording.spans, key=lambda span: span.begin)
    tracks = list(dict.fromkeys(span.track for span in spans))
    if recording.ticks:
        tracks.append("heart")
        row = tracks.index("heart")
        axes.plot(recording.ticks, [row] * len(recording.ticks), "|", color=INK, ms=11, mew=1.4)
        _stop(axes, recording.ticks, row)
    for span in spans:
        row, length = tracks.index(span.track), span.end - span.begin
        axes.barh(row, length, 0.6, left=span.begin, linewidth=1, **_LOOKS[span.kind])
        _label(axes, span.label or f"{length:.2f} s", span.begin, length, row)
    axes.set_yticks(range(len(tracks)), tracks)
    axes.set_ylim(len(tracks) - 0.4, -0.8)


def _label(axes: Any, text: str, begin: float, length: float, row: int) -> None:
    """In the bar where it is long enough, else above it."""
    if length > 0.1:
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
        place: Dict[str, Any] = {"y": row, "va": "center", "bbox": box}
    else:
        place = {"y": row - 0.34, "va": "bottom"}
    axes.text(begin + length / 2, s=text, ha="center", fontsize=8.5, **place)


def _stop(axes: Any, ticks: Sequence[float], row: int) -> None:
    """Point at the longest stop of a heart, where it is more than a hiccup."""
    length, begin = max((later - tick, tick) for tick, later in zip(ticks, ticks[1:]))
    if length > 0.1:
        axes.barh(row, length, 0.5, left=begin, color=PALE, hatch="xx", edgecolor=GREY, zorder=0)
        axes.text(
            begin + length / 2,
            row,
            f"no beat for {length:.2f} s",
            ha="center",
            va="center",
            fontsize=8.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )


def states(looks: Sequence[Tuple[float, Mapping[Any, str]]], keys: Sequence[Any]) -> None:
    """What a dictionary said about each key, look by look."""
    _, axes = new_figure(8.2, 0.9 + 0.5 * len(keys))
    kinds = {None: ("x", GREY), "dough": ("o", ORANGE), "bread": ("s", BLUE)}
    for row, key in enumerate(keys):
        for kind, (marker, colour) in kinds.items():
            times = [at for at, state in looks if state.get(key) == kind]
            label = ("not there" if kind is None else kind) if row == 0 else None
            axes.plot(times, [row] * len(times), marker, color=colour, ms=8, mec=INK, label=label)
    axes.set_yticks(range(len(keys)), [f"oven.get({key!r})" for key in keys], family="monospace")
    axes.set_ylim(len(keys) - 0.4, -0.6)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    only_time(axes)


def bars(seconds: Mapping[str, float], label: str) -> None:
    """One bar for each measurement, with its length beside it."""
    _, axes = new_figure(8.2, 0.8 + 0.4 * len(seconds))
    names: List[str] = list(seconds)
    drawn = axes.barh(names, list(seconds.values()), 0.6, color="#8cc4e8", edgecolor=BLUE)
    axes.bar_label(drawn, [f" {value:.2f} s" for value in seconds.values()])
    axes.invert_yaxis()
    axes.set_xlim(0, max(seconds.values()) * 1.15)
    axes.set_xlabel(label)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
