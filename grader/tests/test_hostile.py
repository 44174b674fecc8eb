"""The corpus of hostile and broken submissions: each is contained and gets what it says.

What stands in a submission's head is explained in ``hostile/README.md``.
"""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import stat
import tempfile
import time
import unicodedata
import xml.etree.ElementTree
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

import pytest

from grader.errors import UsageError
from grader.grading import grade
from grader.processes import children
from grader.reports import FORMATS, renderer
from grader.sandbox import landlock, policy
from grader.scorecard import ExerciseResult, Scorecard, Verdict
from grader.service.launcher import Launcher, WarmLauncher, make_launcher, portable
from grader.tests import hostile_folders
from grader.tests.conftest import MINIATURE
from grader.workbook import ROOT, Exercise, Request

CORPUS = Path(__file__).resolve().parent / "hostile"
MOST_SECONDS = 60.0
LONGEST_TEXT = 30_000
LIMITS = {
    "start": "grader.acceptance.services.START_SECONDS",
    "request": "grader.acceptance.client.REQUEST_SECONDS",
    "stop": "grader.acceptance.services.STOP_SECONDS",
    "worked": "grader.acceptance.warden.MOST_WORKED",
    "database": "grader.acceptance.warden.MOST_DATABASE",
}
HEAD = re.compile(r"^(Holds|Ticket|Beside|Limits|Needs|Shows): (.+)$", re.MULTILINE)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the attacks are for UNIX")


@dataclasses.dataclass(frozen=True)
class Attack:
    """One submission of the corpus; ``make`` puts it into a folder and returns what is graded."""

    name: str
    head: Tuple[Tuple[str, str], ...]
    make: Callable[[Path], Path]

    def all(self, word: str) -> List[str]:
        """The values of the head's lines that begin with ``word``."""
        return [value.strip() for key, value in self.head if key == word]

    def one(self, word: str, default: str = "") -> str:
        """The value of the line that begins with ``word``."""
        return (self.all(word) or [default])[0]

    @property
    def exercise(self) -> Exercise:
        """What it is graded as."""
        ticket = self.one("Ticket", "miniature")
        return Exercise("ex-1", MINIATURE) if ticket == "miniature" else Exercise(ticket, ROOT)


def corpus() -> List[Attack]:
    """All attacks: files, folders with a main.py, and functions that make a folder."""
    found = []
    for path in sorted(CORPUS.iterdir()):
        main = path / "main.py" if path.is_dir() else path
        if main.suffix == ".py" and main.is_file():
            text = main.read_bytes().decode("utf-8", "replace")[:2000]
            found.append(Attack(path.stem, tuple(HEAD.findall(text)), _copying(path)))
    for name, made in vars(hostile_folders).items():
        if getattr(made, "__module__", "") == hostile_folders.__name__ and made.__doc__:
            doc = "\n".join(line.strip() for line in made.__doc__.splitlines())
            found.append(Attack(name, tuple(HEAD.findall(doc)), made))
    return found


def _copying(path: Path) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        sources = sorted(path.rglob("*")) if path.is_dir() else [path]
        for source in sources:
            if source.is_file() and "__pycache__" not in source.parts:
                inner = source.relative_to(path).as_posix() if path.is_dir() else "main.py"
                (folder / inner).parent.mkdir(parents=True, exist_ok=True)
                (folder / inner).write_bytes(source.read_bytes())
        return folder

    return make


ATTACKS = corpus()


@dataclasses.dataclass(frozen=True)
class Place:
    """Where one attack takes place: the graded folder, the grader's scratch, two secrets, and
    what it may harm instead of this workbook where nothing holds it."""

    submission: Path
    scratch: Path
    copies: Path
    canary: Path
    secrets: Tuple[str, ...]


@pytest.fixture(scope="module")
def environment_canary() -> Iterator[str]:
    """A secret in the examiner's environment, there before any service can be started."""
    secret = "environment" + os.urandom(8).hex()
    os.environ["HOSTILE_CANARY"] = secret
    yield secret
    del os.environ["HOSTILE_CANARY"]


@pytest.fixture(scope="module")
def own_launcher(environment_canary: str) -> Iterator[Launcher]:
    """A launcher of this module's own, which may come to harm."""
    made = make_launcher()
    yield made
    made.close()


@pytest.fixture
def place(environment_canary: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Folders that other users may enter, as a real scratch folder's parents are."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        root = Path(name)
        submission, scratch, copies = root / "submission", root / "scratch", root / "copies"
        for folder in (root, submission, scratch, copies):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        secret = "file" + os.urandom(8).hex()
        canary = root / "canary.txt"
        canary.write_text(f'File "main.py", line 1 in {secret}\n{secret}\n')
        canary.chmod(0o644)
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))
        hidden = "test_numbers_are_doubled"
        secrets = (secret, environment_canary, hidden)
        yield Place(submission, scratch, copies, canary, secrets)


@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch) -> List[int]:
    """The users that services become, as they are chosen."""
    chosen: List[int] = []
    choose = policy._own_user

    def note() -> Optional[int]:
        uid = choose()
        chosen.extend([uid] if uid is not None else [])
        return uid

    monkeypatch.setattr(policy, "_own_user", note)
    return chosen


def walls() -> bool:
    """Whether this system has all walls."""
    return policy.available() and landlock.abi() >= 6


def put(attack: Attack, place: Place) -> Path:
    """Make the attack's submission, with the names of its targets filled in."""
    made = attack.make(place.submission)
    beside = b""
    if attack.one("Beside"):
        beside = b"\n\n" + (attack.exercise.solutions / "main.py").read_bytes()
    hidden, workbook = attack.exercise.acceptance, ROOT
    if not walls():  # nothing keeps it from writing there
        hidden, workbook = place.copies / "acceptance", place.copies
        shutil.copytree(str(attack.exercise.acceptance), str(hidden))
    targets = {
        b"@CANARY@": str(place.canary),
        b"@HIDDEN@": str(hidden),
        b"@ROOT@": str(workbook),
        b"@PID@": str(os.getpid()),
        b"@PORTABLE@": "1" if portable() else "",
    }
    for path in place.submission.rglob("*.py"):
        if stat.S_ISREG(path.lstat().st_mode):
            data = path.read_bytes() + (beside if path.name == "main.py" else b"")
            for name, target in targets.items():
                data = data.replace(name, target.encode())
            path.write_bytes(data)
    return made


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_it_is_contained(
    attack: Attack,
    place: Place,
    users: List[int],
    own_launcher: Launcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if attack.one("Needs") == "walls" and not walls():
        pytest.skip("this system lacks a wall")
    for limit in re.findall(r"(\w+) ([\d.]+)", attack.one("Limits")):
        monkeypatch.setattr(LIMITS[limit[0]], float(limit[1]))
    monkeypatch.setattr("grader.acceptance.slowness.MOST", 1.0)
    submission = put(attack, place)
    began = time.monotonic()
    result: Optional[ExerciseResult] = None
    refusal = ""
    try:
        result = grade(Request(attack.exercise, submission, seed=7), own_launcher)
    except UsageError as error:
        refusal = str(error)
    assert time.monotonic() - began < MOST_SECONDS
    assert list(place.scratch.iterdir()) == [], "a scratch folder is left"
    assert processes(place, users, own_launcher) == [], "processes are left"
    if result is None:
        assert attack.all("Holds") == ["refused"], refusal
        return
    scorecard = Scorecard(7, {"python": "3"}, (result,))
    for text in texts(dataclasses.asdict(result)):
        assert harmful(text) == set()
        assert len(text) <= LONGEST_TEXT
    shown = "\n".join(rendered(scorecard))
    for secret in place.secrets:
        assert secret not in shown
    for wanted in attack.all("Shows"):
        assert wanted in shown
    if walls():
        assert "BREACH" not in shown
    assert Verdict.ERROR not in {check.verdict for c in result.criteria for check in c.checks}, (
        "the grader blames itself: "
        + "\n".join(check.message for c in result.criteria for check in c.checks)
    )
    for holds in attack.all("Holds"):
        assert_holds(holds, result)


def assert_holds(holds: str, result: ExerciseResult) -> None:
    """Hold the result against one ``Holds:`` line."""
    found = {criterion.id: criterion.verdict for criterion in result.criteria}
    told = f"{found} {result.problem} {result.console[-500:]}"
    word, _, rest = holds.partition(" ")
    if holds == "as the reference":
        assert set(found.values()) == {Verdict.PASSED}, told
    elif word == "score":
        assert result.score == int(rest), told
        assert not result.passed
    elif word == "problem":
        assert result.problem is not None, told
        assert result.problem.kind == rest, told
        assert result.score == 0
    elif word == "fails":
        failed = {name for name, verdict in found.items() if verdict is Verdict.FAILED}
        assert failed == set(rest.split(", ")), told
    else:
        assert holds == "contained", f"{holds!r} is not a form that README.md knows"


def processes(place: Place, users: List[int], launcher: Launcher) -> List[int]:
    """Processes of the attack that still live: by user, by working folder, by descent."""
    found: Set[int] = set()
    if isinstance(launcher, WarmLauncher):
        found.update(children(launcher._process.pid))
    for entry in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                ours = entry.stat().st_uid in users
                if ours or os.readlink(str(entry / "cwd")).startswith(str(place.scratch)):
                    found.add(int(entry.name))
    return sorted(found)


def texts(value: Any) -> Iterator[str]:
    """Every text in a result."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts(inner)


def harmful(text: str) -> Set[str]:
    """The characters of a text that a terminal acts on, or that show what is not there."""
    categories = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return {
        char for char in text if char not in "\n\t" and unicodedata.category(char) in categories
    }


def rendered(scorecard: Scorecard) -> Iterator[str]:
    """The scorecard in every format that there is."""
    for name in FORMATS:
        if name == "html":
            continue
        shown = renderer(name)(scorecard)
        shown.encode("utf-8")
        assert harmful(shown) <= {"\x1b"} if name == "text" else not harmful(shown)
        if name == "json":
            json.loads(shown)
        elif name == "junit":
            xml.etree.ElementTree.fromstring(shown.encode("utf-8"))
        elif name == "github":
            assert_commands_are_ours(shown)
        yield shown


def assert_commands_are_ours(shown: str) -> None:
    """Only annotations, and groups, may stand at the beginning of a line."""
    commands = {
        line[2:].split(" ")[0].split("::")[0] for line in shown.splitlines() if line[:2] == "::"
    }
    assert commands <= {"error", "warning", "notice", "group", "endgroup"}


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(ATTACKS) >= 60
    assert [attack.name for attack in ATTACKS if not attack.all("Holds")] == []
    titles: Dict[str, str] = {attack.name: attack.name for attack in ATTACKS}
    assert len(titles) == len(ATTACKS)


def test_the_grader_still_grades_afterwards(own_launcher: Launcher) -> None:
    if portable():
        pytest.skip("nothing is shared between gradings here")
    reference = MINIATURE / "solutions" / "ex-1" / "main.py"
    result = grade(Request(Exercise("ex-1", MINIATURE), reference, seed=7), own_launcher)
    assert result.passed
