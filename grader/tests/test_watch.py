"""``watch``: real saves in a real folder, graded by real services."""

import queue
import shutil
import threading
from pathlib import Path
from typing import Iterator, List

import pytest

from grader.progress import Progress
from grader.reset import stub_of
from grader.saves import is_of_the_learner
from grader.scorecard import Scorecard, Verdict
from grader.service.launcher import Launcher
from grader.tests.conftest import MINIATURE
from grader.watch import Watch, describe_changes
from grader.workbook import Exercise

REFERENCE = (MINIATURE / "solutions" / "ex-1" / "main.py").read_text(encoding="utf-8")
SECONDS = 60.0


class Session:
    """A watch in a thread of its own; ``seen`` gets the scorecard of each run."""

    def __init__(self, launcher: Launcher, root: Path) -> None:
        self.exercise = Exercise("ex-1", root)
        self.seen: queue.Queue[Scorecard] = queue.Queue()
        progress = Progress(root / "state" / "progress.json")
        self.watch = Watch(launcher, self.exercise, self._show, progress)
        self.thread = threading.Thread(target=self.watch.run)

    def _show(self, scorecard: Scorecard, standing: str) -> None:
        assert standing.startswith("Your tickets: ")
        self.seen.put(scorecard)

    def press(self, key: str) -> None:
        self.watch._events.put(key)

    def save(self, text: str) -> None:
        (self.exercise.folder / "main.py").write_text(text, encoding="utf-8")

    def next_score(self) -> int:
        return self.seen.get(timeout=SECONDS).score


@pytest.fixture
def session(launcher: Launcher, tmp_path: Path) -> Iterator[Session]:
    root = tmp_path / "workbook"
    shutil.copytree(str(MINIATURE), str(root))
    made = Session(launcher, root)
    shutil.copyfile(str(made.exercise.folder / "main.py"), str(stub_of(made.exercise)))
    made.thread.start()
    yield made
    made.press("q")
    made.thread.join(SECONDS)
    assert not made.thread.is_alive()


def test_each_save_is_graded_and_a_broken_one_is_survived(session: Session) -> None:
    assert session.next_score() == 0
    session.save(REFERENCE.replace("2 *", "3 *"))
    assert session.next_score() == 40
    session.save("def half_written(")
    assert session.next_score() == 0
    session.save(REFERENCE.replace("2 *", "4 *"))
    assert session.next_score() == 40


def test_a_passed_ticket_leads_on_to_the_next(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    session.next_score()
    session.save(REFERENCE)
    assert session.next_score() == 100
    session.press("q")
    session.thread.join(SECONDS)
    assert "On to ex-2" in capsys.readouterr().out


def test_a_deleted_folder_is_waited_for(session: Session) -> None:
    session.next_score()
    kept = session.exercise.folder.with_name("elsewhere")
    session.exercise.folder.rename(kept)
    kept.rename(session.exercise.folder)
    session.save(REFERENCE.replace("2 *", "3 *"))
    while session.next_score() != 40:
        pass  # the folder's coming back may be graded before the save


def test_reset_is_asked_for_twice(session: Session) -> None:
    session.next_score()
    session.save(REFERENCE.replace("2 *", "3 *"))
    assert session.next_score() == 40
    session.press("r")
    session.press("\n")
    assert session.next_score() == 40
    session.press("r")
    session.press("r")
    assert session.next_score() == 0
    assert (session.exercise.folder / "main.py.kept-1").exists()


def test_what_changed_is_told() -> None:
    passed, failed = Verdict.PASSED, Verdict.FAILED
    assert describe_changes(None, {"AC1": passed}) == "first run"
    assert describe_changes({"AC1": passed}, {"AC1": passed}) == "nothing changed"
    before = {"AC1": failed, "AC2": passed, "AC3": failed}
    now = {"AC1": passed, "AC2": failed, "AC3": failed}
    assert describe_changes(before, now) == "fixed: AC1 · broken: AC2"


def test_only_the_learners_own_files_count() -> None:
    folder = Path("ex-1")
    names: List[str] = ["main.py", "data/x.json", "experiments.json"]
    assert all(is_of_the_learner(folder / name, folder) for name in names)
    for name in (
        ".acceptance/x.py",
        "__pycache__/main.pyc",
        ".main.py.swp",
        "main.py~",
        "4913.tmp",
    ):
        assert not is_of_the_learner(folder / name, folder)
    assert not is_of_the_learner(Path("ex-2/main.py"), folder)
