"""``watch``: grade at every save, show what changed, go on to the next ticket when one passes."""

import contextlib
import functools
import os
import queue
import random
import sys
import threading
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional

from grader.errors import EXIT_PASSED, GraderError
from grader.grading import Request, grade
from grader.hints import next_hint
from grader.keyboard import keys
from grader.mistakes import with_known_mistake
from grader.progress import Progress
from grader.reset import reset
from grader.scorecard import CriterionResult, ExerciseResult, Scorecard, Verdict
from grader.service.launcher import Launcher
from grader.workbook import EXERCISE_IDS, Exercise

SAVED = "saved"
HELP = "[enter] grade again · [h]int · [n]ext ticket · [r]eset · [q]uit"

Show = Callable[[Scorecard], None]


class Watch:
    """One session: the exercise at hand and what its last run found."""

    def __init__(self, launcher: Launcher, exercise: Exercise, show: Show) -> None:
        self._launcher = launcher
        self._show = show
        self._exercise = exercise
        self._progress = Progress()
        self._last: Optional[ExerciseResult] = None
        self._verdicts: Dict[str, Dict[str, Verdict]] = {}
        self._events: queue.Queue[str] = queue.Queue()
        self._reset_asked = False

    def run(self) -> int:
        """Watch until the person quits.

        Returns:
            The exit code.
        """
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch_files, args=(stop,), daemon=True)
        watcher.start()
        with keys(self._events.put):
            try:
                self._grade()
                while self._handle(self._next_event()):
                    pass
            finally:
                stop.set()
        watcher.join(2)
        return EXIT_PASSED

    def _next_event(self) -> str:
        """The next key or save; several saves in a row are one."""
        event = self._events.get()
        while event == SAVED and not self._events.empty():
            event = self._events.get()
        return event

    def _handle(self, event: str) -> bool:
        """Act on a key or a save; False to end."""
        if event == "r" and not self._reset_asked:
            self._reset_asked = True
            print(f"Put the starter stub in the place of {self._exercise.id}/main.py? r again: yes")
            return True
        asked, self._reset_asked = self._reset_asked, False
        if event in ("q", "\x04"):
            return False
        if event in (SAVED, "\n", "\r"):
            self._grade()
        elif event == "h":
            self._hint()
        elif event == "n":
            self._go_on()
        elif event == "r" and asked:
            self._say(lambda: reset(self._exercise))
        return True

    def _say(self, text: Callable[[], str]) -> None:
        try:
            print(text())
        except GraderError as error:
            print(error)

    def _hint(self) -> None:
        open_ones = [c for c in self._criteria() if c.verdict is not Verdict.PASSED]
        if not open_ones:
            print("Everything holds; there is nothing to hint at.")
            return
        self._say(lambda: next_hint(self._exercise, open_ones[0].id, self._progress))

    def _criteria(self) -> List[CriterionResult]:
        return list(self._last.criteria) if self._last is not None else []

    def _grade(self) -> None:
        seed = random.SystemRandom().randrange(10**6)
        request = Request(self._exercise, self._exercise.folder, seed)
        try:
            result = with_known_mistake(self._exercise, grade(request, self._launcher))
        except GraderError as error:
            # A folder that is gone or half written: the next save tries again.
            print(f"{error}\n{HELP}")
            return
        self._last = result
        _clear()
        print(f"{time.strftime('%H:%M:%S')} {self._changes(result)}")
        self._show_result(result, seed)
        self._progress.note_results([result])
        if result.passed:
            self._go_on()
        else:
            print(HELP)

    def _show_result(self, result: ExerciseResult, seed: int) -> None:
        from grader.run import environment_of

        self._show(Scorecard(seed, environment_of([result]), (result,)))

    def _changes(self, result: ExerciseResult) -> str:
        before = self._verdicts.get(result.exercise)
        now = {criterion.id: criterion.verdict for criterion in result.criteria}
        self._verdicts[result.exercise] = now
        return describe_changes(before, now)

    def _go_on(self) -> None:
        number = EXERCISE_IDS.index(self._exercise.id) + 1
        if number == len(EXERCISE_IDS):
            print(f"That was the last ticket. {HELP}")
            return
        self._exercise = Exercise(EXERCISE_IDS[number], self._exercise.root)
        self._last = None
        print(f"On to {self._exercise.id}: read {self._exercise.id}/README.md. {HELP}")

    def _watch_files(self, stop: threading.Event) -> None:
        while not stop.is_set():
            exercise = self._exercise
            at_hand = functools.partial(self._is_at_hand, exercise)
            for _ in saves(exercise.folder, stop, at_hand):
                self._events.put(SAVED)

    def _is_at_hand(self, exercise: Exercise) -> bool:
        return exercise is self._exercise


def saves(folder: Path, stop: threading.Event, wanted: Callable[[], bool]) -> Iterator[None]:
    """Yield at every change in ``folder`` while it is wanted; a deleted folder is waited for."""
    from watchfiles import watch

    while wanted() and not stop.is_set():
        if not folder.is_dir():
            stop.wait(0.2)
            continue
        watched = folder.stat().st_ino
        # A short time-out, since a deleted folder and another exercise make no event.
        changes = watch(
            str(folder),
            watch_filter=lambda _, path: is_of_the_learner(Path(path), folder),
            stop_event=stop,
            rust_timeout=200,
            yield_on_timeout=True,
            debounce=200,
            raise_interrupt=False,
        )
        with contextlib.suppress(OSError):
            for change in changes:
                if change:
                    yield None
                if not wanted() or not folder.is_dir() or folder.stat().st_ino != watched:
                    break
        if wanted() and not stop.is_set():
            yield None  # the folder went, or came back as another


def is_of_the_learner(path: Path, folder: Path) -> bool:
    """Whether a path is the learner's work: no hidden file, cache or editor's scratch file."""
    try:
        parts = path.relative_to(folder).parts
    except ValueError:
        return False
    hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
    return not hidden and not path.name.endswith(("~", ".swp", ".tmp", ".pyc"))


def describe_changes(before: Optional[Dict[str, Verdict]], now: Dict[str, Verdict]) -> str:
    """What is fixed and what is broken since the last run, in words."""
    if before is None:
        return "first run"
    fixed = [
        name
        for name, verdict in now.items()
        if verdict is Verdict.PASSED and before.get(name) is not Verdict.PASSED
    ]
    broken = [
        name
        for name, verdict in now.items()
        if verdict is not Verdict.PASSED and before.get(name) is Verdict.PASSED
    ]
    parts = [
        f"{word}: {', '.join(names)}"
        for word, names in (("fixed", fixed), ("broken", broken))
        if names
    ]
    return " · ".join(parts) or "nothing changed"


def _clear() -> None:
    """A fresh screen on a terminal; elsewhere the runs stand below one another."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        print("\x1b[2J\x1b[H", end="")
