"""Pictures of how users are spread."""

from typing import Any, Mapping, Sequence, Tuple

import numpy as np

from lesson.style import BLUE, GREY, INK, PALE, RED, new_figure

_FILLS = ("#8cc4e8", "#f6d58a", "#b5ddc9", "#e9c6da")


def chi_square(counts: Any, expected: Any) -> float:
    """How far counts are from what was expected: the sum of (difference squared / expected)."""
    counts, expected = np.asarray(counts, float), np.asarray(expected, float)
    return float(((counts - expected) ** 2 / expected).sum())


def histograms(points: Mapping[str, Sequence[float]], pieces: int = 20) -> None:
    """How many points lie in each of some pieces of the same length."""
    _, panels = new_figure(8.6, 2.7, ncols=len(points))
    for axes, (name, values) in zip(panels, points.items()):
        counts, borders = np.histogram(values, pieces, (0, 1))
        even = len(values) / pieces
        axes.bar(borders[:-1], counts, 1 / pieces, align="edge", color="#8cc4e8", ec=BLUE, lw=0.6)
        axes.axhline(even, color=INK, ls="--", lw=1.2)
        axes.set_title(f"{name}\nchi-square {chi_square(counts, [even] * pieces):,.0f}")
        axes.set_xlabel("point on the line")
    panels[0].set_ylabel("users (dashed: even)")


def growing(coins: Mapping[str, Any]) -> None:
    """The share of heads and the chi-square of coins, as more and more users are counted."""
    _, (left, right) = new_figure(8.6, 3.1, ncols=2)
    sizes = np.unique(np.geomspace(20, len(next(iter(coins.values()))), 60).astype(int))
    looks = ((BLUE, "-", "o"), (RED, "--", "s"))
    for (name, heads), (colour, line, marker) in zip(coins.items(), looks):
        counted = np.cumsum(heads)[sizes - 1]
        chi = [chi_square([n, size - n], [size / 2] * 2) for n, size in zip(counted, sizes)]
        options = {"color": colour, "ls": line, "marker": marker, "ms": 3, "lw": 1, "label": name}
        left.plot(sizes, counted / sizes, **options)
        right.plot(sizes, np.maximum(chi, 0.05), **options)
    band = 1.0 / np.sqrt(sizes)  # two standard deviations of a share of one half
    left.fill_between(sizes, 0.5 - band, 0.5 + band, color=PALE, zorder=0)
    left.text(
        sizes[-1], 0.62, "grey: what chance does\nin 95 of 100 cases", ha="right", fontsize=8.5
    )
    left.set(xscale="log", ylim=(0.35, 0.65), xlabel="users", ylabel="share of heads")
    right.axhline(6.63, color=INK, lw=1.2)
    right.text(sizes[0], 7.5, "above: 1 in 100 by chance", fontsize=8.5)
    right.set(xscale="log", yscale="log", xlabel="users", ylabel="chi-square against 50/50")
    right.set_ylim(bottom=0.05)
    left.legend(frameon=False, fontsize=8.5, loc="lower right")


def against_each_other(points: Mapping[str, Tuple[Sequence[float], Sequence[float]]]) -> None:
    """Each user's point in one experiment against that in another."""
    _, panels = new_figure(8.8, 2.7, ncols=len(points), sharey=True)
    for axes, (name, (across, up)) in zip(panels, points.items()):
        axes.plot(across, up, ".", color=BLUE, ms=2)
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1), aspect="equal")
        axes.axhline(0.5, color=GREY, lw=0.8)
        axes.axvline(0.5, color=GREY, lw=0.8)
        axes.set_title(name, fontsize=9.5)
        axes.set_xlabel("first experiment")
    panels[0].set_ylabel("second experiment")


def moved(changes: Mapping[str, Tuple[Any, Any]]) -> None:
    """Bars with the share that each piece keeps, and (hatched) what each loses."""
    _, axes = new_figure(8.6, 0.9 + 0.55 * len(changes))
    for row, (before, after) in enumerate(changes.values()):
        left = 0.0
        for piece in np.unique(before):
            for keeps in (True, False):
                share = float(np.mean((before == piece) & ((before == after) == keeps)))
                look = {"fc": _FILLS[piece], "ec": INK, "lw": 0.7, "hatch": "" if keeps else "////"}
                axes.barh(row, share, 0.62, left=left, **look)
                left += share
        share = float(np.mean(before != after))
        axes.text(1.01, row, f"{share:.0%} move", va="center", weight="bold")
    axes.set_yticks(range(len(changes)), list(changes))
    axes.set_ylim(len(changes) - 0.4, -0.6)
    axes.set_xlim(0, 1.17)
    axes.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", "25 %", "50 %", "75 %", "100 %"))
    axes.set_xlabel("all users, by the piece in which they were (hatched: those who move)")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
