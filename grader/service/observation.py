"""Watch how a submission compares: installed in its process before it is loaded.

Two things are watched. Every reference to ``compare_digest`` is replaced by one that notes what it
was given, so that ``from hmac import compare_digest`` is seen as well, and its use in a library.
And the submission's own modules are rewritten while they are imported (``watched_source``), so
that ``==`` and its like note their operands and loops their turns.

What is noted here comes from the submission's process: it is evidence, and not proof against a
program that sets out to forge it. ``grader.acceptance.observations`` draws the conclusions.
"""

import builtins
import hmac
import itertools
import os
import re
import secrets
import sys
import threading
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    MethodDescriptorType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

from grader.clock import replace
from grader.service.watched_source import NOTEBOOK, rewrite
from grader.service.watched_values import Pair, pairs, within

Handler = Callable[[Dict[str, Any]], Dict[str, Any]]
Note = Tuple[str, str, str, str, Optional[bool]]

MOST_NOTES = 400
MOST_AT_A_PLACE = 16

# Written in C, or in the modules below: these compare by themselves. A function of the
# submission's own that happens to be called `match` does not; what it does is watched inside it.
_COMPILED = (
    BuiltinFunctionType,
    MethodDescriptorType,
    MethodWrapperType,
    WrapperDescriptorType,
)
_MAPPERS = (map, itertools.starmap)
_SEARCHING_MODULES = ("re", "operator", "genericpath", "posixpath", "ntpath", "difflib")


def install(handlers: Dict[str, Handler], kinds: Iterable[str]) -> None:
    """Start to watch; the submission's folder is the working folder.

    Args:
        handlers: gets "comparisons", which tells what was noted since it was last asked.
        kinds: what to watch; "comparisons" is what there is.
    """
    if "comparisons" not in kinds:
        return
    notebook = Notebook(str(Path.cwd()) + os.sep)
    setattr(builtins, NOTEBOOK, notebook)
    _replace_compare_digest(notebook)
    finders = sys.meta_path
    where = next((i for i, finder in enumerate(finders) if finder is PathFinder), len(finders))
    finders.insert(where, WatchingFinder(notebook))
    handlers["comparisons"] = notebook.tell


class Notebook:
    """What was compared, and how often loops turned, since the examiner last asked.

    Its short methods are called by rewritten source: each does what the source did, and notes it.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.places: List[str] = []
        self.answer: Optional[bool] = None  # what compare_digest is to say, whatever it finds
        self._lock = threading.Lock()
        self._notes: Set[Note] = set()
        self._at: Dict[str, int] = {}
        self._turns: Dict[int, int] = {}
        self._digests = 0
        self._links = threading.local()

    def tell(self, message: Dict[str, Any]) -> Dict[str, Any]:
        """Answer the examiner, and begin a new page.

        With "answer" in its message every compare_digest says that from now on (None: the truth):
        so the examiner learns whether anything follows from it.
        """
        if "answer" in message:
            self.answer = message["answer"]
        with self._lock:
            notes, turns, digests = self._notes, self._turns, self._digests
            self._notes, self._turns, self._at, self._digests = set(), {}, {}, 0
        return {
            "digests": digests,
            "notes": sorted(notes, key=repr),
            "turns": [[self.places[place], count] for place, count in sorted(turns.items())],
        }

    def name_of(self, file: str) -> str:
        """The name of a file in the submission's folder; "" for any other."""
        path = os.path.normpath(file)
        inside = path.startswith(self.folder)
        return path[len(self.folder) :].replace(os.sep, "/") if inside else ""

    def note(self, kind: str, where: str, found: Iterable[Pair], result: Optional[bool]) -> None:
        """Keep pairs of texts; a fault in here is never the submission's."""
        try:
            for left, right in found:
                with self._lock:
                    room = len(self._notes) < MOST_NOTES
                    if room and self._at.get(where, 0) < MOST_AT_A_PLACE:
                        self._at[where] = self._at.get(where, 0) + 1
                        self._notes.add((kind, where, left, right, result))
        except Exception:
            return

    def count_digest(self) -> None:
        """One call of compare_digest."""
        with self._lock:
            self._digests += 1

    def _compared(self, place: int, left: Any, right: Any) -> None:
        if type(left) is not int or type(right) is not int or left.bit_length() > 64:
            self.note("compare", self.places[place], pairs(left, right, self.folder), None)

    def eq(self, place: int, left: Any, right: Any) -> Any:
        self._compared(place, left, right)
        return left == right

    def ne(self, place: int, left: Any, right: Any) -> Any:
        self._compared(place, left, right)
        return left != right

    def lt(self, place: int, left: Any, right: Any) -> Any:
        self._compared(place, left, right)
        return left < right

    def le(self, place: int, left: Any, right: Any) -> Any:
        self._compared(place, left, right)
        return left <= right

    def gt(self, place: int, left: Any, right: Any) -> Any:
        self._compared(place, left, right)
        return left > right

    def ge(self, place: int, left: Any, right: Any) -> Any:
        self._compared(place, left, right)
        return left >= right

    def within(self, place: int, left: Any, right: Any) -> Any:
        self.note("compare", self.places[place], within(left, right, self.folder), None)
        return left in right

    def not_within(self, place: int, left: Any, right: Any) -> Any:
        self.note("compare", self.places[place], within(left, right, self.folder), None)
        return left not in right

    def link(self, place: int, first: bool, operand: Any) -> Any:
        """An operand of a chain such as ``a == b == c``."""
        if not first:
            self._compared(place, getattr(self._links, "last", None), operand)
        self._links.last = operand
        return operand

    def call(self, place: int, function: Any, /, *arguments: Any, **named: Any) -> Any:
        """A call of something that may compare or search, such as ``startswith``."""
        operands = [*_operands(function), *arguments, *named.values()][:4]
        if len(operands) > 1 and _compares(function):
            self.note("compare", self.places[place], _combined(operands, self.folder), None)
        elif len(operands) == 1 and getattr(function, "__name__", "") == "commonprefix":
            self.note("compare", self.places[place], _neighbours(operands[0], self.folder), None)
        return function(*arguments, **named)

    def mapped(self, place: int, function: Any, /, *arguments: Any, **named: Any) -> Any:
        """``map`` or ``starmap``: a loop whose turns are the calls of its first argument."""
        if function not in _MAPPERS or not arguments or not callable(arguments[0]):
            return function(*arguments, **named)
        inner = arguments[0]

        def counted(*items: Any) -> Any:
            self.tick(place)
            return inner(*items)

        return function(counted, *arguments[1:], **named)

    def tick(self, place: int) -> bool:
        """One turn of a loop, or one call of a function; always true."""
        self._turns[place] = self._turns.get(place, 0) + 1
        return True


def _compares(function: Any) -> bool:
    return (
        isinstance(function, _COMPILED)
        or getattr(function, "__module__", None) in _SEARCHING_MODULES
    )


def _operands(function: Any) -> List[Any]:
    """What a method is bound to, if that is data."""
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, (ModuleType, type)):
        return []
    return [owner.pattern] if isinstance(owner, re.Pattern) else [owner]


def _combined(operands: List[Any], folder: str) -> Iterator[Pair]:
    for one, other in itertools.permutations(operands, 2):
        yield from within(one, other, folder)


def _neighbours(items: Any, folder: str) -> Iterator[Pair]:
    if isinstance(items, (list, tuple)):
        for one, other in zip(items, items[1:]):
            yield from pairs(one, other, folder)


# -- compare_digest -----------------------------------------------------------------------------


def _replace_compare_digest(notebook: Notebook) -> None:
    """Replace every reference that a module holds to any of the compiled functions."""
    originals = {hmac.compare_digest, secrets.compare_digest}
    for module, name in (("_operator", "_compare_digest"), ("_hashlib", "compare_digest")):
        original = getattr(sys.modules.get(module), name, None)
        if original is not None:
            originals.add(original)
    watched = {id(original): _Watched(original, notebook) for original in originals}
    for attributes, name in replace.places(lambda value: id(value) in watched):
        attributes[name] = watched[id(attributes[name])]


class _Watched:
    """A compare_digest that notes; like the compiled one it is no method where a class holds it."""

    __name__ = "compare_digest"

    def __init__(self, original: Callable[[Any, Any], bool], notebook: Notebook) -> None:
        self._original = original
        self._notebook = notebook
        self.__doc__ = original.__doc__

    def __call__(self, a: Any, b: Any, /) -> bool:
        result = self._original(a, b)
        notebook = self._notebook
        notebook.count_digest()
        frame = sys._getframe(1)
        name = notebook.name_of(frame.f_code.co_filename)
        where = f"{name}:{frame.f_lineno}" if name else ""
        # However short: a digest may be compared piece by piece.
        found = pairs(a, b, notebook.folder, shortest=1)
        notebook.note("digest", where, found, result)
        return result if notebook.answer is None else notebook.answer


# -- the submission's modules -------------------------------------------------------------------


class WatchingFinder:
    """Finds the submission's own modules before the usual finder does."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def find_spec(
        self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """The spec of a module in the submission's folder; None for any other."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader:
            return None
        file = os.path.realpath(spec.loader.path)
        if not file.startswith(os.path.realpath(self._notebook.folder) + os.sep):
            return None
        spec.loader = WatchingLoader(spec.loader.name, spec.loader.path)
        spec.loader.notebook = self._notebook
        return spec


class WatchingLoader(SourceFileLoader):
    """Loads a module from its rewritten source, and never from compiled code."""

    notebook: Notebook

    def get_code(self, fullname: str) -> Optional[CodeType]:
        """Compile the module."""
        file = self.get_filename(fullname)
        source = self.get_data(file)
        # First as it is: errors read as they always do, and it is what runs if rewriting fails.
        code: CodeType = compile(source, file, "exec", dont_inherit=True)
        try:
            tree = rewrite(source, self.notebook.name_of(file), self.notebook.places)
            return compile(tree, file, "exec", dont_inherit=True)
        except (RecursionError, ValueError, TypeError, SyntaxError):
            return code
