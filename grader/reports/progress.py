"""Live progress on a terminal while a grading runs."""

from typing import Optional

from grader.scorecard import Verdict


class NoProgress:
    """Says nothing: the output is no terminal."""

    def begin(self, exercise: str) -> None:
        """An exercise's grading begins."""

    def note(self, criterion: str, check: str, verdict: Optional[Verdict]) -> None:
        """A check begins (verdict None) or has ended."""

    def done(self, tickets: int, of: int) -> None:
        """So many of the tickets that are graded side by side are done."""


class LiveProgress(NoProgress):
    """One line on standard error that follows the checks and goes away at the end."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.status import Status

        self._status = Status("starting …", console=Console(stderr=True))
        self._exercise = ""
        self._done = 0

    def __enter__(self) -> "LiveProgress":
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def begin(self, exercise: str) -> None:
        """An exercise's grading begins."""
        self._exercise, self._done = exercise, 0
        self._status.update(f"{exercise}: starting the service …")

    def note(self, criterion: str, check: str, verdict: Optional[Verdict]) -> None:
        """Show the check that runs now."""
        if verdict is not None:
            self._done += 1
            return
        # The criterion's id alone: a check's name may hold anything.
        self._status.update(f"{self._exercise}: {criterion} ({self._done} checks done)")

    def done(self, tickets: int, of: int) -> None:
        """Count the tickets that are done."""
        self._status.update(f"{tickets} of {of} tickets are graded …")
