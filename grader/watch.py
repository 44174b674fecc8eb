"""``watch``: grade at every save, show what changed, go on to the next ticket when one passes."""

import contextlib
import functools
import os
import queue
import random
import signal
import sys
import threading
import time
from typing import Callable, Dict, Iterator, Optional

from grader.errors import EXIT_PASSED, GraderError
from grader.grading import grade
from grader.hints import next_hint, wrapped
from grader.keyboard import keys
from grader.mistakes import with_known_mistake
from grader.progress import Progress
from grader.reports.advice import next_criterion
from grader.reports.printing import say
from grader.reset import reset
from grader.saves import saves
from grader.scorecard import ExerciseResult, Scorecard, Verdict
from grader.service.launcher import Launcher
from grader.workbook import EXERCISE_IDS, Exercise, Request

SAVED = "saved"
RESIZED = "resized"
HELP = "[enter] grade again · [h]int · [n]ext ticket · [b]ack · [r]eset · [q]uit"
HELP_WITHOUT_KEYS = "Ctrl+C ends it."

Show = Callable[[Scorecard, str], None]


class Watch:
    """One session: the exercise at hand and what its last run found."""

    def __init__(
        self,
        launcher: Launcher,
        exercise: Exercise,
        show: Show,
        progress: Optional[Progress] = None,
    ) -> None:
        self._launcher = launcher
        self._show = show
        self._exercise = exercise
        self._progress = progress or Progress()
        self._last: Optional[Scorecard] = None
        self._changed = ""
        self._verdicts: Dict[str, Dict[str, Verdict]] = {}
        # Not a Queue: what a signal's handler puts there must not wait for a lock.
        self._events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reset_asked = False

    def run(self) -> int:
        """Watch until the person quits.

        Returns:
            The exit code.
        """
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch_files, args=(stop,), daemon=True)
        watcher.start()
        with keys(self._events.put), _resizes(self._events.put):
            try:
                self._grade()
                while self._handle(self._next_event()):
                    pass
            finally:
                stop.set()
        watcher.join(2)
        return EXIT_PASSED

    def _next_event(self) -> str:
        """The next key, save or change of the window; several saves in a row are one."""
        event = self._events.get()
        while event in (SAVED, RESIZED) and not self._events.empty():
            following = self._events.get()
            # A save shows all anew: a change of the window is part of it.
            event = SAVED if (event, following) == (SAVED, RESIZED) else following
        return event

    def _handle(self, event: str) -> bool:
        """Act on an event; False to end."""
        if event == RESIZED:
            self._show_last()
            return True
        asked, self._reset_asked = self._reset_asked, False
        if event in ("q", "\x04"):
            return False
        if event == "r":
            self._reset(asked)
        elif event in (SAVED, "\n", "\r"):
            self._grade()
        elif event == "h":
            self._hint()
        elif event in ("n", "b"):
            self._turn_to(self._neighbour(1 if event == "n" else -1))
        return True

    def _reset(self, asked_before: bool) -> None:
        self._reset_asked = not asked_before
        if asked_before:
            self._say(lambda: reset(self._exercise))
        else:
            say(f"Put the starter stub in the place of {self._exercise.id}/main.py? r again: yes")

    def _say(self, text: Callable[[], str]) -> None:
        try:
            say(text())
        except GraderError as error:
            say(str(error))

    def _hint(self) -> None:
        if self._last is None:
            # Not graded yet: the first criterion is the one to begin with.
            criterion = self._exercise.ticket().criteria[0].id
        else:
            at_hand = next_criterion(self._last.exercises[0])
            if at_hand is None:
                say("Everything holds; there is nothing to hint at.")
                return
            criterion = at_hand.id
        self._say(lambda: wrapped(next_hint(self._exercise, criterion, self._progress)))

    def _grade(self) -> None:
        if not self._exercise.folder.is_dir():
            say(f"The folder {self._exercise.id} is gone; it is graded when it is back.")
            return
        seed = random.SystemRandom().randrange(10**6)
        request = Request(self._exercise, self._exercise.folder, seed)
        say(f"{self._exercise.id}: grading …")
        try:
            result = with_known_mistake(self._exercise, grade(request, self._launcher))
        except GraderError as error:
            # A folder that is gone or half written: the next save tries again.
            say(f"{error}\n{_help()}")
            return
        before = self._verdicts.get(result.exercise)
        self._note(result, seed)
        self._show_last()
        passed_before = before is None or self._passed(result, before)
        if result.passed and not passed_before:
            self._go_on()

    def _note(self, result: ExerciseResult, seed: int) -> None:
        from grader.run import environment_of

        now = {criterion.id: criterion.verdict for criterion in result.criteria}
        changes = describe_changes(self._verdicts.get(result.exercise), now)
        if result.problem is not None:
            changes = "it does not start"
        self._verdicts[result.exercise] = now
        self._changed = f"{time.strftime('%H:%M:%S')} · {changes}"
        self._last = Scorecard(seed, environment_of([result]), (result,))
        self._progress.note_results([result])

    @staticmethod
    def _passed(result: ExerciseResult, verdicts: Dict[str, Verdict]) -> bool:
        return all(verdicts.get(core.id) is Verdict.PASSED for core in result.core)

    def _show_last(self) -> None:
        """The last run's scorecard on a fresh screen; what matters most stands at the end."""
        if self._last is None:
            return
        _clear()
        self._show(self._last, self._progress.standing())
        say(f"{self._changed}\n{_help()}")

    def _neighbour(self, step: int) -> str:
        number = EXERCISE_IDS.index(self._exercise.id) + step
        return EXERCISE_IDS[number % len(EXERCISE_IDS)]

    def _go_on(self) -> None:
        following = self._progress.first_open(after=self._exercise.id)
        if not following:
            say("All five tickets are done.")
            return
        self._turn_to(following)

    def _turn_to(self, name: str) -> None:
        self._exercise = Exercise(name, self._exercise.root)
        self._last = None
        say(f"On to {name}: read {name}/README.md, edit {name}/main.py, and save.\n{_help()}")

    def _watch_files(self, stop: threading.Event) -> None:
        while not stop.is_set():
            exercise = self._exercise
            at_hand = functools.partial(self._is_at_hand, exercise)
            for _ in saves(exercise.folder, stop, at_hand):
                self._events.put(SAVED)

    def _is_at_hand(self, exercise: Exercise) -> bool:
        return exercise is self._exercise


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


@contextlib.contextmanager
def _resizes(tell: Callable[[str], None]) -> Iterator[None]:
    """Tell of changes of the window's size while the context lasts, where signals do."""
    sigwinch = getattr(signal, "SIGWINCH", None)
    if sigwinch is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(sigwinch, lambda *_: tell(RESIZED))
    try:
        yield
    finally:
        signal.signal(sigwinch, before)


def _help() -> str:
    return HELP if sys.stdin.isatty() else HELP_WITHOUT_KEYS


def _clear() -> None:
    """A fresh screen on a terminal; elsewhere the runs stand below one another."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        print("\x1b[2J\x1b[H", end="")
