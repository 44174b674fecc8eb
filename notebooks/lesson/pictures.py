"""Pictures that work out what they show at the moment when they are drawn."""

from typing import Any, Callable, Dict, List, Sequence, Tuple

from pydantic import TypeAdapter, ValidationError

from lesson.style import BLUE, GREEN, INK, ORANGE, PALE, RED, new_figure


def coercion(values: Sequence[Any], types: Sequence[Any]) -> None:
    """01: what pydantic makes of each value for each type, by default and in strict mode."""
    figure, panels = new_figure(8.6, 3.7, ncols=2, sharey=True)
    for axes, strict in zip(panels, (False, True)):
        axes.set_title("strict" if strict else "by default")
        for row, value in enumerate(values):
            for column, kind in enumerate(types):
                _square(axes, column, row, value, _outcome(value, kind, strict))
        axes.set(xlim=(-0.5, len(types) - 0.5), ylim=(len(values) - 0.5, -0.5))
        axes.set_xticks(range(len(types)), [kind.__name__ for kind in types])
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    panels[0].set_yticks(range(len(values)), [repr(value) for value in values], family="monospace")
    figure.supxlabel(
        "= taken as it is      → turned into something else (hatched)      × refused", fontsize=9.5
    )


def _outcome(value: Any, kind: Any, strict: bool) -> Tuple[str, Any]:
    try:
        made = TypeAdapter(kind).validate_python(value, strict=strict)
    except ValidationError:
        return "refused", None
    same = type(made) is type(value) and made == value
    return ("same" if same else "turned"), made


def _square(axes: Any, column: int, row: int, value: Any, outcome: Tuple[str, Any]) -> None:
    kind, made = outcome
    look = {
        "same": {"facecolor": "#cfe8f7", "edgecolor": "white"},
        "turned": {"facecolor": "#fbe3ae", "edgecolor": "#b98600", "hatch": "////"},
        "refused": {"facecolor": "#f3f3f3", "edgecolor": "white"},
    }[kind]
    axes.bar(column, 0.9, 0.94, bottom=row - 0.45, linewidth=0.5, **look)
    text = {"same": "=", "turned": f"→ {made!r}", "refused": "×"}[kind]
    box = {"facecolor": "#fbe3ae", "edgecolor": "none", "pad": 1.2} if kind == "turned" else None
    axes.text(column, row, text, ha="center", va="center", fontsize=9, color=INK, bbox=box)


def decisions(values: Sequence[float], decide: Callable[[Any], str], unit: str) -> None:
    """01: what is decided about each value, on lines one below the other."""
    outcomes: Dict[str, List[float]] = {}
    for value in values:
        outcomes.setdefault(decide(value), []).append(value)
    _, axes = new_figure(7.8, 1.1 + 0.5 * len(outcomes))
    looks = [("X", RED), ("o", BLUE), ("s", ORANGE), ("D", GREEN)]
    for row, (members, (marker, colour)) in enumerate(zip(outcomes.values(), looks)):
        axes.axhline(row, color=PALE, zorder=0)
        axes.plot(members, [row] * len(members), marker, color=colour, ms=8, mec=INK, mew=0.6)
        for at, member in enumerate(sorted(members)):
            side = "right" if at == len(members) - 1 and len(members) > 1 else "left"
            axes.annotate(
                f"{member:,}".replace(",", " ").replace("-", "−"),
                (member, row),
                (0, 8),
                textcoords="offset points",
                ha="center" if side else side,
                fontsize=8.5,
            )
    axes.set_yticks(range(len(outcomes)), [text.replace(": ", ":\n", 1) for text in outcomes])
    axes.set_ylim(len(outcomes) - 0.4, -0.75)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(unit)
