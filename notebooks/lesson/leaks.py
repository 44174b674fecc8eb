"""Pictures of what a signature gives away, and what it does not."""

import random
import time
from typing import Any, Callable, Dict, List, Mapping, Tuple

import numpy as np

from lesson.style import BLUE, GREEN, INK, ORANGE, PINK, new_figure

# Name to: digits that were right, to the nanoseconds of each round.
Measurements = Dict[str, Dict[int, List[int]]]
_LOOKS = {
    "stops early": (BLUE, "o", "-"),
    "goes to the end": (ORANGE, "s", "--"),
    "==": (PINK, "v", "-."),
    "compare_digest": (GREEN, "^", ":"),
}


def avalanche(sign: Callable[[bytes], bytes], message: bytes) -> None:
    """For each bit of a message: how many bits of the signature flip with it."""
    original = int.from_bytes(sign(message), "big")
    flipped = []
    for bit in range(len(message) * 8):
        changed = bytearray(message)
        changed[bit // 8] ^= 1 << bit % 8
        flipped.append(bin(original ^ int.from_bytes(sign(bytes(changed)), "big")).count("1"))
    _, axes = new_figure(8.2, 2.5)
    axes.bar(range(len(flipped)), flipped, 0.8, color="#8cc4e8", edgecolor=BLUE, lw=0.4)
    axes.axhline(128, color=INK, ls="--", lw=1.2)
    axes.text(len(flipped), 130, "half of 256", va="bottom", ha="left", fontsize=8.5)
    axes.set(ylim=(0, 256), yticks=(0, 64, 128, 192, 256), xlim=(-1, len(flipped)))
    axes.set(xlabel="the bit of the message that was flipped", ylabel="bits of the\nsignature")


def measure(
    ways: Mapping[str, Callable[[str, str], Any]],
    right: str,
    guesses: Mapping[int, str],
    rounds: int,
) -> Measurements:
    """Nanoseconds of single comparisons, all of them taking turns in an order by chance.

    So that a hiccup of the machine does not hit one of them alone.
    """
    times: Measurements = {name: {digits: [] for digits in guesses} for name in ways}
    turns = [(name, digits) for name in ways for digits in guesses]
    for _ in range(rounds):
        random.shuffle(turns)
        for name, digits in turns:
            way, guess = ways[name], guesses[digits]
            began = time.perf_counter_ns()
            way(right, guess)
            times[name][digits].append(time.perf_counter_ns() - began)
    return times


def draw(measurements: Measurements, steps: Mapping[str, Callable[[str, str], int]]) -> None:
    """Steps on the left, time with its spread on the right."""
    figure, (left, right) = new_figure(8.6, 3.7, ncols=2)
    digits = list(next(iter(measurements.values())))
    for name, way in steps.items():
        colour, marker, line = _LOOKS[name]
        counts = [way("0" * 64, "0" * digit + "1" * (64 - digit)) for digit in digits]
        left.plot(digits, counts, color=colour, marker=marker, ms=4, ls=line, label=name)
    left.set(title="steps, counted", xlabel="digits of the guess that are right", ylim=(0, 70))
    for name, times in measurements.items():
        colour, marker, line = _LOOKS[name]
        low, middle, high = _spread(list(times.values()))
        right.fill_between(digits, low, high, color=colour, alpha=0.18, lw=0)
        right.plot(digits, middle, color=colour, marker=marker, ms=4, ls=line, label=name)
    right.set_title("microseconds, measured: the median,\nand in pale the range of 8 in 10")
    right.set(xlabel="digits of the guess that are right", yscale="log")
    right.minorticks_off()
    right.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10])
    right.yaxis.set_major_formatter("{x:g}")
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=4)


def _spread(rounds: List[List[int]]) -> Tuple[Any, Any, Any]:
    """The 10th, 50th and 90th of a hundred, in microseconds."""
    low, middle, high = np.percentile(np.array(rounds) / 1000, (10, 50, 90), axis=1)
    return low, middle, high
