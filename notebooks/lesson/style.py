"""How pictures look: told apart by eyes that see few colours, and on paper that has none."""

from typing import Any, Tuple

import matplotlib.pyplot as plt

# Okabe and Ito's palette. Where colour tells things apart, a hatch or a label does so too.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PINK, INK, GREY, PALE = "#56B4E9", "#CC79A7", "#222222", "#8a8a8a", "#e9e9e9"


def new_figure(width: float, height: float, **options: Any) -> Tuple[Any, Any]:
    """A figure and its axes, white in dark notebooks too, sharp enough for print."""
    plt.rcParams.update(
        {
            "figure.facecolor": "white",
            "axes.facecolor": "white",
            "savefig.facecolor": "white",
            "figure.dpi": 110,
            "savefig.dpi": 110,
            "font.size": 10,
            "axes.titlesize": 10.5,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "hatch.linewidth": 0.6,
        }
    )
    return plt.subplots(figsize=(width, height), constrained_layout=True, **options)


def only_time(axes: Any, label: str = "seconds") -> None:
    """Leave a picture its time axis alone."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(left=False)
    axes.set_xlabel(label)
