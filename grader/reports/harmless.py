"""A scorecard in which no text does anything but be read."""

import dataclasses
from typing import Any, TypeVar

from grader.service.console import neutralise

Kept = TypeVar("Kept")


def harmless(scorecard: Kept) -> Kept:
    """The same, with control characters and the like spelled out, whatever they came from.

    What a submission says is neutralised where it is taken down, too; a report does not rely on it.
    """
    kept: Kept = _harmless(scorecard)
    return kept


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, tuple):
        return tuple(map(_harmless, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _harmless(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value
