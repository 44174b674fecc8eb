"""Put other functions in the place of the standard library's, wherever they are already known."""

import ctypes
import gc
import sys
import types
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Tuple

Replacements = Dict[Any, Callable[..., Any]]
Place = Tuple[Dict[str, Any], str]  # the attributes of a module, and the name of one


def in_type(kind: type, name: str, value: Any) -> None:
    """Replace an attribute of a type that is written in C, and so refuses `setattr`.

    `datetime.datetime`, say: a subclass in its place would no longer be the type that pydantic, or
    a submission's `isinstance`, knows.
    """
    (attributes,) = [each for each in gc.get_referents(vars(kind)) if isinstance(each, dict)]
    attributes[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


@dataclass
class _Places:
    """Where loaded modules name the functions of ``time`` and ``select``."""

    modules: int = 0  # how many were loaded when it was last looked
    found: List[Place] = field(default_factory=list)


_PLACES = _Places()


def look_ahead() -> None:
    """Find what ``everywhere`` will replace, unless no module was loaded since it was last done.

    To be called before a fork: whoever looks touches every attribute of every module, and in a
    forked process each page that is touched is copied (5,000 of them, 20 ms).
    """
    if _PLACES.modules == len(sys.modules):
        return
    _PLACES.modules = len(sys.modules)
    _PLACES.found = places(_is_of_the_clock)


def everywhere(functions: Replacements) -> None:
    """Replace functions in every loaded module, where `from time import monotonic` has named them.

    Args:
        functions: what takes the place of each; they are all of ``time`` and ``select``.
    """
    look_ahead()
    for attributes, name in _PLACES.found:
        if attributes[name] in functions:
            attributes[name] = functions[attributes[name]]


def places(wanted: Callable[[Any], bool]) -> List[Place]:
    """Where loaded modules name something wanted; the grader's own keep what they took by name."""
    loaded = list(sys.modules.items())
    return [
        (attributes, name)
        for attributes in (_attributes(m) for n, m in loaded if n.split(".")[0] != "grader")
        for name, value in list(attributes.items())
        if wanted(value)
    ]


def _attributes(module: Any) -> Dict[str, Any]:
    attributes = getattr(module, "__dict__", None)
    return attributes if isinstance(attributes, dict) else {}


def _is_of_the_clock(value: Any) -> bool:
    return isinstance(value, types.BuiltinFunctionType) and value.__module__ in ("time", "select")
