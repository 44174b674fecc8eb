"""What the tests of one grading share: the standard service, the hang budget, the findings."""

import contextlib
import threading
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional

from grader.acceptance.options import LaunchOptions
from grader.acceptance.services import Service
from grader.acceptance.stage import MOST_HANGS, Stage
from grader.errors import CheckBlocked, CheckFailed
from grader.scorecard import Check, Problem
from grader.service.console import cut
from grader.service.tracebacks import is_whole, own_frames

TEST_SECONDS = 60.0
LONGEST_CONSOLE = 4000
LOG_SECONDS = 0.5


@dataclass
class Findings:
    """What one run of the hidden tests found."""

    checks: Dict[str, List[Check]] = field(default_factory=dict)
    problem: Optional[Problem] = None
    console: str = ""
    enforced: List[str] = field(default_factory=list)
    postgresql: Optional[str] = None
    notes: List[str] = field(default_factory=list)
    collection_errors: List[str] = field(default_factory=list)


class Examination:
    """One grading as its tests see it."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.seed = seed
        self.findings = Findings()
        self.overdue = False
        self._options = LaunchOptions()
        self._shared: Optional[Service] = None
        # What had been written by the services that ran already when the check began.
        self._marks: Dict[int, int] = {}

    def begin(self, options: LaunchOptions) -> None:
        """Start the submission as its exercise wants it; note why it does not start."""
        self._options = options
        self._shared = Service(self.stage, options)
        problem = self._shared.begin()
        if problem is not None:
            self.findings.problem = problem
            self.findings.console = _console_of(self._shared)
        else:
            self.findings.enforced = self._shared.enforced

    def end(self) -> None:
        """End the standard service and keep what it wrote."""
        self._keep_console()
        if self._shared is not None:
            self._shared.end()

    def shared_service(self) -> Service:
        """The standard service, started again if it has ended.

        Raises:
            CheckFailed: it does not start again.
        """
        if self._shared is not None and self._shared.alive:
            return self._shared
        self.end()
        self._shared = Service(self.stage, self._options)
        problem = self._shared.begin()
        if problem is not None:
            raise CheckFailed(f"The service had ended and did not start again: {problem.message}")
        return self._shared

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        """Around one check: block it where nothing can be tried, end all services if it hangs.

        Raises:
            CheckBlocked: the service did not start, or hung in earlier checks.
        """
        self.stage.recorder.clear()
        self.overdue = False
        self._marks = {id(one.console): one.console.mark() for one in self._launched()}
        if self.findings.problem is not None:
            raise CheckBlocked(self.findings.problem.message)
        self.stage.require_patience()
        timer = threading.Timer(TEST_SECONDS * self.stage.slowness(), self._end_overdue)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _launched(self) -> List[Service]:
        return [one for one in list(self.stage.started) if one.launched]

    def console_of_check(self) -> str:
        """What the services of the running check wrote in it."""
        # A server logs an exception after it has answered 500: look a little longer then. (501 is
        # what a stub answers: nothing is logged, and every check would wait in vain.)
        crashed = self.stage.recorder.last_status == 500
        seconds = LOG_SECONDS * self.stage.slowness() if crashed else 0.0
        written: List[str] = []
        for one in reversed(self._launched()):  # the one that answered is mostly the newest
            since = self._marks.get(id(one.console), 0)
            text = one.console.wait_for_output(since, seconds, is_whole)
            seconds = 0.0 if is_whole(text + "\n") else seconds
            written.insert(0, own_frames(text, str(one.folder)))
        return cut("\n".join(filter(None, written)), LONGEST_CONSOLE)

    def _end_overdue(self) -> None:
        self.overdue = True
        self.stage.hangs = MOST_HANGS
        for service in list(self.stage.started):
            service.kill()

    def _keep_console(self) -> None:
        if self._shared is not None and self.findings.problem is None:
            with contextlib.suppress(CheckBlocked):  # it was never launched
                self.findings.console = _console_of(self._shared)


def _console_of(service: Service) -> str:
    """What a service wrote, as its author wants to read it."""
    return own_frames(service.console.text(), str(service.folder))
