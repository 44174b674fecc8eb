"""Comparisons as they are watched in the service, and what the examiner concludes from them."""

import ast
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

from grader.acceptance.observations import (
    POSITIONS,
    Note,
    NotWatched,
    Seen,
    calls_that_depend,
    early_exit,
    leak,
    read,
    sign_of_safety,
)
from grader.acceptance.submission_source import Source, read_source
from grader.service.observation import Notebook
from grader.service.watched_source import rewrite
from grader.service.watched_values import pairs, within
from grader.tests.comparison_forms import LEAKING, SAFE, STOPPING, UNSEEN
from grader.workbook import ROOT

ROUNDS = 3
FORMS = {**LEAKING, **SAFE, **STOPPING, **UNSEEN}

# Installs the watch as a service does, and lets each form judge each signature.
PROGRAM = """
import importlib, json, sys, types
early = types.ModuleType("early")
exec("from hmac import compare_digest as same", early.__dict__)
sys.modules["early"] = early
from grader.service import observation
handlers = {}
observation.install(handlers, ["comparisons"])
import hmac
kept = hmac.compare_digest
sys.path.insert(0, ".")
tell = handlers["comparisons"]
told = {}
for line in sys.stdin:
    name, signatures = json.loads(line)
    check = importlib.import_module("form_" + name).check
    tell({})
    told[name] = [[bool(check(right, given)), tell({})] for right, given in signatures]
    hmac.compare_digest = kept  # one form replaces it
print(json.dumps(told))
"""

Judged = Tuple[List[List[Seen]], List[Seen], Source]


def signatures(seed: int) -> List[Tuple[str, str]]:
    """Right and given ones: guesses in rounds, then right ones."""
    numbers = random.Random(seed)
    made = []
    for position in POSITIONS * ROUNDS:
        right = hashlib.sha256(numbers.random().hex().encode()).hexdigest()
        digit = "0123456789abcdef"[(int(right[position], 16) + 8) % 16]
        made.append((right, right[:position] + digit + right[position + 1 :]))
    rights = [hashlib.sha256(numbers.random().hex().encode()).hexdigest() for _ in range(ROUNDS)]
    return made + [(right, right) for right in rights]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Dict[str, Judged]:
    """What was seen of every form, in one process."""
    folder = tmp_path_factory.mktemp("forms")
    for name, source in FORMS.items():
        (folder / f"form_{name}.py").write_text(source, encoding="utf-8")
    asked = "".join(json.dumps([name, signatures(len(name))]) + "\n" for name in FORMS)
    program = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{PROGRAM}"]
    done = subprocess.run(
        program, input=asked, cwd=str(folder), stdout=subprocess.PIPE, check=True, encoding="utf-8"
    )
    return {name: judged(name, told, folder) for name, told in json.loads(done.stdout).items()}


def judged(name: str, told: List[Any], folder: Path) -> Judged:
    """The rounds of guesses and the right ones; the form must tell right from wrong."""
    wrong = [(valid, read(seen)) for valid, seen in told[:-ROUNDS]]
    right = [(valid, read(seen)) for valid, seen in told[-ROUNDS:]]
    assert not any(valid for valid, _ in wrong), f"{name} takes a guess for right"
    assert all(valid for valid, _ in right), f"{name} refuses a right one"
    seen = [seen for _, seen in wrong]
    width = len(POSITIONS)
    rounds = [seen[begin : begin + width] for begin in range(0, len(seen), width)]
    own = folder / f"only_{name}"
    own.mkdir()
    (own / f"form_{name}.py").write_bytes((folder / f"form_{name}.py").read_bytes())
    return rounds, [seen for _, seen in right], read_source(own)


@pytest.mark.parametrize("name", LEAKING)
def test_a_comparison_that_tells_how_good_a_guess_is_is_named(
    watched: Dict[str, Judged], name: str
) -> None:
    """With the line on which it stands."""
    rounds, _, source = watched[name]
    where = leak(rounds) or early_exit(rounds)
    assert where is not None
    assert f"form_{name}.py, line " in source.quote(where)


@pytest.mark.parametrize("name", SAFE)
def test_a_safe_comparison_is_no_leak_and_shows(watched: Dict[str, Judged], name: str) -> None:
    """A false alarm would be the worst that could happen."""
    rounds, right, source = watched[name]
    assert leak(rounds) is None
    assert early_exit(rounds) is None
    assert calls_that_depend(rounds) is None
    assert sign_of_safety(rounds, right, source) is not None


@pytest.mark.parametrize("name", STOPPING)
def test_calls_of_compare_digest_that_depend_on_the_guess_are_noticed(
    watched: Dict[str, Judged], name: str
) -> None:
    """Each part is compared safely, and the whole is not."""
    rounds, _, _ = watched[name]
    assert calls_that_depend(rounds) is not None


@pytest.mark.parametrize("name", UNSEEN)
def test_what_was_not_seen_is_not_taken_for_safe(watched: Dict[str, Judged], name: str) -> None:
    """Some ways round == leave no trace: then there is no sign of a safe comparison either."""
    rounds, right, source = watched[name]
    assert (leak(rounds) or early_exit(rounds)) or sign_of_safety(rounds, right, source) is None


def test_a_claim_about_a_line_without_a_call_counts_for_nothing(tmp_path: Path) -> None:
    """The examiner reads the source for itself."""
    (tmp_path / "main.py").write_text("import hmac\n\nok = hmac.compare_digest('a', 'b')\n")
    source = read_source(tmp_path)

    def verdict(line: int) -> Any:
        where = f"main.py:{line}"
        wrong = Seen((Note("digest", where, "a" * 64, "b" * 64, False),))
        right = Seen((Note("digest", where, "a" * 64, "a" * 64, True),))
        return sign_of_safety([[wrong] * len(POSITIONS)], [right], source)

    assert verdict(3) == "compare_digest"
    assert verdict(2) is None
    assert verdict(400) is None


def test_a_compare_digest_that_is_not_heeded_is_no_sign_and_no_obstacle(tmp_path: Path) -> None:
    """Beside a loop over the whole digest it does no harm."""
    (tmp_path / "main.py").write_text("import hmac\n\nok = hmac.compare_digest('a', 'b')\n")
    source = read_source(tmp_path)

    def verdict(turns: Dict[str, int]) -> Any:
        wrong = Seen((Note("digest", "main.py:3", "a" * 64, "b" * 64, False),), turns)
        right = Seen((Note("digest", "main.py:3", "a" * 64, "a" * 64, True),), turns)
        return sign_of_safety([[wrong] * len(POSITIONS)], [right], source, heeded=False)

    assert verdict({}) is None
    assert verdict({"main.py:5": 64}) == "constant loop"


def test_the_outer_modules_are_read_first_and_what_is_left_out_shows(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import sqlite3\n")
    assert read_source(tmp_path).complete
    (tmp_path / "attempts").mkdir()
    for number in range(60):
        (tmp_path / "attempts" / f"try_{number}.py").write_text("import this\n")
    (tmp_path / "companies.py").write_text("TABLE = '" + "x" * 600_000 + "'\n")
    source = read_source(tmp_path)
    assert "main.py" in source.lines
    assert "sqlite3" in source.imports
    assert not source.complete


def test_a_submission_that_names_the_notebook_is_noticed(tmp_path: Path) -> None:
    """Nobody needs that name but to write into what is noted."""
    (tmp_path / "main.py").write_text("__watch__.note('digest', 'main.py:1', [], True)\n")
    assert read_source(tmp_path).names_the_notebook


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"notes": 1, "turns": [], "digests": 0},
        {"notes": [[1, 2]], "turns": [], "digests": 0},
        {"notes": [], "turns": [3], "digests": 0},
        {"notes": [], "turns": [], "digests": "many"},
        {"notes": [], "turns": []},
    ],
)
def test_a_malformed_answer_is_not_watched(message: Dict[str, Any]) -> None:
    """It comes from the submission's process and may be anything."""
    with pytest.raises(NotWatched):
        read(message)


# -- rewriting ------------------------------------------------------------------------------------

EXPRESSIONS = (
    "1 == 1.0",
    "1 < 2 < 3 == 3 != 4",
    "1 < 3 < 2 == undefined",
    "'a' in 'abc' not in ['x']",
    "None is None == True",
    "[x for x in range(9) if x % 2 == 0 if x > 3]",
    "{x: y for x, y in zip('ab', 'cd') if x != 'a'}",
    "list(x for x in (y for y in range(3) if y in (1, 2)))",
    "(lambda a, *b, c=1 == 1, **d: (a, b, c, d))(1, 2, x=3)",
    "f'{1 == 2!r:>8} {3 in [3]}'",
    "{'a': 1}.get('b', 2) == 2",
    "'abc'.find('c') and 'abc'.startswith(('a', 'b'))",
    "(n := 5) == 5 and n",
    "float('nan') == float('nan')",
    "1 < 'a'",
    "1 in 1",
    "'abc'.index('x')",
    "{}.pop('a')",
    "list(map(str, [1, 2])), list(map(None, [])), map()",
    "list(map(lambda a, b: a + b, 'ab', 'cd'))",
    "map(function=1)",
)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_rewritten_expressions_do_what_they_did(expression: str) -> None:
    """The same value, or the same exception with the same words."""
    tree = ast.Expression(body=rewrite(expression, "main.py", []).body[0].value)  # type: ignore[attr-defined]
    places = ["main.py:1"] * 100
    notebook = Notebook("/nowhere/")
    notebook.places = places
    plain = outcome(compile(expression, "main.py", "eval"), {})
    assert outcome(compile(tree, "main.py", "eval"), {"__watch__": notebook}) == plain


def outcome(code: Any, names: Dict[str, Any]) -> Tuple[str, str]:
    """What evaluating gives, as text."""
    try:
        return "value", repr(eval(code, names))
    except Exception as error:
        return type(error).__name__, str(error)


PROGRAM_TEXT = '''
"""A module."""
from __future__ import annotations
from typing import List, Optional

class Base:
    """A class."""
    limit: int = 3 if 1 == 1 else 4
    def __init__(self) -> None:
        self.seen: List[int] = []
    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) is True

class Sub(Base):
    def __eq__(self, other: object) -> bool:
        """Documented."""
        return super().__eq__(other)
    __hash__ = None

async def agen():
    for i in range(5):
        if i != 3:
            yield i

async def collect():
    got = [x async for x in agen() if x > 0]
    async for x in agen():
        got.append(x)
    else:
        got.append("else")
    return got == got and got

def generate(n):
    """Documented too."""
    while n > 0:
        n -= 1
        if n == 2:
            continue
        yield n

import asyncio
one = Sub()
result = [
    one == one, one != Sub(), Sub.__eq__.__doc__, generate.__doc__, list(generate(5)),
    asyncio.run(collect()), Base.limit, generate.__annotations__, Base.__init__.__annotations__,
    sorted(["b", "a"], key=lambda s: s == "b"),
]
'''


def test_a_rewritten_module_does_what_it_did() -> None:
    """Classes, generators, asynchronous loops, docstrings and annotations included."""
    places: List[str] = []
    notebook = Notebook("/nowhere/")
    notebook.places = places
    code = compile(rewrite(PROGRAM_TEXT, "main.py", places), "main.py", "exec", dont_inherit=True)
    plain: Dict[str, Any] = {"__name__": "main"}
    exec(compile(PROGRAM_TEXT, "main.py", "exec", dont_inherit=True), plain)
    names: Dict[str, Any] = {"__watch__": notebook, "__name__": "main"}
    exec(code, names)
    assert repr(names["result"]) == repr(plain["result"])
    assert notebook.tell({})["turns"]


# -- values ---------------------------------------------------------------------------------------

LONG, OTHER = "a" * 20, "b" * 20


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        (LONG, OTHER, [(LONG, OTHER)]),
        (LONG, OTHER.encode(), []),  # never equal, whatever they hold
        (LONG, "", []),
        (memoryview(LONG.encode()), bytearray(OTHER.encode()), [(LONG, OTHER)]),
        (["x", [LONG]], ["y", [OTHER]], [(LONG, OTHER)]),
        (1, 2**300, []),
        (2**200 ^ 5, 0, []),  # the difference of two numbers: nothing to see
        (None, LONG, []),
        (True, False, []),
    ],
)
def test_values_show_the_texts_in_them(left: Any, right: Any, found: List[Any]) -> None:
    assert list(pairs(left, right, "/nowhere/")) == found


def test_collections_are_looked_into_and_iterators_are_not() -> None:
    items = iter([OTHER])
    assert list(within(LONG, (OTHER, 3), "/nowhere/")) == [(LONG, OTHER)]
    assert list(within(LONG, items, "/nowhere/")) == []
    assert list(items) == [OTHER]


def test_a_fault_while_noting_is_not_the_submissions() -> None:
    """An object may raise from anything that is asked of it."""

    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    notebook = Notebook("/nowhere/")
    notebook.places = ["main.py:1"]
    one = Hostile()
    assert notebook.eq(0, one, one) is True
    assert notebook.within(0, one, [one]) is True
