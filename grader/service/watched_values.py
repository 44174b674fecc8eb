"""What two compared values have to show: pairs of texts, whatever they are wrapped in.

A text is a string, bytes, or a large integer; lists, tuples, dicts, sets and plain objects are
looked into. Nothing of a submission's own is called here.
"""

from typing import Any, Iterator, List, Optional, Tuple

SHORTEST = 8
LONGEST = 512
MOST_ITEMS = 200
DEEPEST = 4
# A comparison with a number below this is no comparison of digests.
LARGE = 2**64

Pair = Tuple[str, str]

_COLLECTIONS: Tuple[Any, ...] = (
    list,
    tuple,
    set,
    frozenset,
    dict,
    type({}.keys()),
    type({}.values()),
)


def pairs(
    left: Any, right: Any, folder: str, depth: int = 0, shortest: int = SHORTEST
) -> Iterator[Pair]:
    """The texts that ``left == right`` sets against each other.

    Args:
        left: one operand.
        right: the other.
        folder: of the submission; objects with an ``__eq__`` written there are not looked into,
            since their comparison is watched by itself.
        depth: of the recursion.
        shortest: a text that is worth to be told.
    """
    one, other = as_text(left), as_text(right)
    if one is not None and other is not None:
        if one[0] == other[0] and min(len(one[1]), len(other[1])) >= shortest:
            yield one[1][:LONGEST], other[1][:LONGEST]
    elif depth < DEEPEST:
        for inner_left, inner_right in _inside(left, right, folder):
            yield from pairs(inner_left, inner_right, folder, depth + 1, shortest)


def within(item: Any, container: Any, folder: str) -> Iterator[Pair]:
    """The texts that ``item in container`` sets against each other."""
    if isinstance(container, _COLLECTIONS):
        for other in list(container)[:MOST_ITEMS]:
            yield from pairs(item, other, folder)
    else:
        yield from pairs(item, container, folder)


def as_text(value: Any) -> Optional[Tuple[str, str]]:
    """A kind and a text in which a common beginning of the values is one of the texts."""
    if isinstance(value, str):
        return ("str", str.__str__(value)) if type(value).__eq__ is str.__eq__ else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "bytes", bytes(value).decode("latin-1")
    if isinstance(value, int):
        number = int(value)
        if number < LARGE:
            return None
        size = max(32, (number.bit_length() + 7) // 8)
        return "int", number.to_bytes(size, "big").decode("latin-1")
    if isinstance(value, (list, tuple)) and value:
        return _joined(list(value[:LONGEST]))
    return None


def _joined(items: List[Any]) -> Optional[Tuple[str, str]]:
    """A list of characters, or of the bytes of a digest, as one text."""
    if all(type(item) is str for item in items):
        return "str", "".join(items)
    if all(type(item) is int and 0 <= item < 256 for item in items):
        return "bytes", bytes(items).decode("latin-1")
    return None


def _inside(left: Any, right: Any, folder: str) -> Iterator[Tuple[Any, Any]]:
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        yield from list(zip(left, right))[:MOST_ITEMS]
    elif isinstance(left, dict) and isinstance(right, dict):
        yield from ((left[key], right[key]) for key in list(left)[:MOST_ITEMS] if key in right)
    elif isinstance(left, (set, frozenset)) and isinstance(right, (set, frozenset)):
        yield from ((one, other) for one in list(left)[:10] for other in list(right)[:10])
    elif type(left) is type(right) and hasattr(left, "__dict__"):
        code = getattr(type(left).__eq__, "__code__", None)
        if code is not None and not code.co_filename.startswith(folder):
            yield vars(left), vars(right)
