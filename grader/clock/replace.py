"""Put other functions in the place of the standard library's, wherever they are already known."""

import ctypes
import gc
import sys
import types
from typing import Any, Callable, Dict

Replacements = Dict[Any, Callable[..., Any]]


def in_type(kind: type, name: str, value: Any) -> None:
    """Replace an attribute of a type that is written in C, and so refuses `setattr`.

    `datetime.datetime`, say: a subclass in its place would no longer be the type that pydantic, or
    a submission's `isinstance`, knows.
    """
    (attributes,) = [each for each in gc.get_referents(vars(kind)) if isinstance(each, dict)]
    attributes[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def everywhere(functions: Replacements) -> None:
    """Replace functions in every loaded module, where `from time import monotonic` has named them.

    The grader's own modules keep what they took by name.
    """
    for name, module in list(sys.modules.items()):
        if module is None or name.split(".")[0] == "grader":
            continue
        attributes = getattr(module, "__dict__", None)
        if isinstance(attributes, dict):
            _in_module(attributes, functions)


def _in_module(attributes: Dict[str, Any], functions: Replacements) -> None:
    for name, value in list(attributes.items()):
        if isinstance(value, types.BuiltinFunctionType) and value in functions:
            attributes[name] = functions[value]
