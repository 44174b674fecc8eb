"""The pytest plugin of one grading: its fixtures, and what becomes of each test's outcome."""

import threading
import traceback
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

import pytest

from grader.acceptance.draw import Draw
from grader.acceptance.services import (
    MOST_HANGS,
    LaunchOptions,
    Service,
    Stage,
    StartService,
)
from grader.errors import CheckBlocked, CheckFailed, GraderError
from grader.scorecard import Check, Problem, Verdict
from grader.service.console import cut, neutralise

TEST_SECONDS = 60.0
LONGEST_MESSAGE = 3000

Progress = Callable[[str, str, Optional[Verdict]], None]


@dataclass
class Findings:
    """What one run of the hidden tests found."""

    checks: Dict[str, List[Check]] = field(default_factory=dict)
    problem: Optional[Problem] = None
    console: str = ""
    enforced: List[str] = field(default_factory=list)
    postgresql: Optional[str] = None
    unmarked: List[str] = field(default_factory=list)
    collection_errors: List[str] = field(default_factory=list)


class AcceptancePlugin:
    """Registered with pytest for one grading; ``findings`` is what comes out."""

    def __init__(
        self, stage: Stage, seed: int, wanted: Sequence[str], progress: Optional[Progress] = None
    ) -> None:
        self.stage = stage
        self.seed = seed
        self.wanted: Set[str] = set(wanted)
        self.progress: Progress = progress or (lambda criterion, name, verdict: None)
        self.findings = Findings()
        self._shared: Optional[Service] = None
        self._overdue = False

    # -- choice of the tests ------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the marker known."""
        config.addinivalue_line("markers", "criterion(id): the criterion that the test belongs to")

    def pytest_collection_modifyitems(self, items: List[pytest.Item]) -> None:
        """Keep the tests of the wanted criteria."""
        self.findings.unmarked = [item.name for item in items if not _criterion_of(item)]
        items[:] = [item for item in items if _criterion_of(item) in self.wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a test file cannot be read."""
        if report.failed:
            self.findings.collection_errors.append(str(report.longrepr)[-600:])

    # -- fixtures -----------------------------------------------------------------------------

    @pytest.fixture(scope="session")
    def stage_(self) -> Stage:
        """What all services of this grading share."""
        return self.stage

    @pytest.fixture(scope="session")
    def launch_options(self) -> LaunchOptions:
        """How this exercise's service is started; its conftest.py may override this."""
        return LaunchOptions()

    @pytest.fixture(scope="session")
    def standard_start(self, launch_options: LaunchOptions) -> Iterator[None]:
        """Start the submission once; if that fails every check is blocked."""
        service = Service(self.stage, launch_options)
        problem = service.begin()
        self._shared = service
        if problem is not None:
            self.findings.problem = problem
            self.findings.console = service.console.text()
        else:
            self.findings.enforced = service.enforced
        yield
        self._keep_console()
        self._shared.end()

    @pytest.fixture(autouse=True)
    def can_be_tried(self, standard_start: None) -> Iterator[None]:
        """Block the check when the service does not start, or has hung too often."""
        self.stage.recorder.clear()
        if self.findings.problem is not None:
            raise CheckBlocked(self.findings.problem.message)
        if self.stage.hangs >= MOST_HANGS:
            raise CheckBlocked(
                "The service did not answer earlier requests, so this was not tried."
            )
        self._overdue = False
        timer = threading.Timer(TEST_SECONDS, self._end_overdue)
        timer.daemon = True
        timer.start()
        yield
        timer.cancel()

    def _end_overdue(self) -> None:
        self._overdue = True
        self.stage.hangs += 1
        for service in list(self.stage.started):
            service.kill()

    @pytest.fixture
    def service(self, can_be_tried: None, launch_options: LaunchOptions) -> Service:
        """The running submission, shared by the tests; started again if it has ended."""
        shared = self._shared
        if shared is None or not shared.alive:
            self._keep_console()
            if shared is not None:
                shared.end()
            shared = self._shared = Service(self.stage, launch_options)
            problem = shared.begin()
            if problem is not None:
                raise CheckFailed(
                    f"The service had ended and did not start again: {problem.message}"
                )
        return shared

    @pytest.fixture
    def start(self, can_be_tried: None, launch_options: LaunchOptions) -> Iterator[StartService]:
        """Start services of this test's own."""
        starter = StartService(self.stage, launch_options)
        yield starter
        starter.end()

    @pytest.fixture
    def draw(self, request: pytest.FixtureRequest) -> Draw:
        """Random data, by the run's seed and the test's name."""
        return Draw(self.seed, request.node.name)

    @pytest.fixture(scope="session")
    def session_draw(self) -> Draw:
        """Random data for fixtures that the tests share."""
        return Draw(self.seed, "session")

    def _keep_console(self) -> None:
        if self._shared is not None and self.findings.problem is None:
            self.findings.console = self._shared.console.text()

    # -- outcomes -----------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Say that a check begins."""
        self.progress(_criterion_of(item), _name_of(item), None)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: "pytest.CallInfo[None]"
    ) -> Iterator[None]:
        """Turn the outcome of a test's phase into a check."""
        if call.when == "call" or call.excinfo is not None:
            error = call.excinfo.value if call.excinfo is not None else None
            self._note(item, error, call.duration)
        return (yield)

    def _note(self, item: pytest.Item, error: Optional[BaseException], duration: float) -> None:
        verdict, message = self._judge(error)
        check = Check(
            name=_name_of(item),
            verdict=verdict,
            message=cut(neutralise(message), LONGEST_MESSAGE),
            exchanges=tuple(self.stage.recorder.exchanges) if verdict is Verdict.FAILED else (),
            duration=duration,
        )
        criterion = _criterion_of(item)
        self.findings.checks.setdefault(criterion, []).append(check)
        self.progress(criterion, check.name, verdict)

    def _judge(self, error: Optional[BaseException]) -> Tuple[Verdict, str]:
        if error is None:
            return Verdict.PASSED, ""
        if self._overdue and isinstance(error, CheckFailed):
            message = (
                f"The check was not done after {TEST_SECONDS:.0f} seconds and was ended. {error}"
            )
            return Verdict.FAILED, message
        if isinstance(error, CheckFailed):
            return Verdict.FAILED, str(error)
        if isinstance(error, CheckBlocked):
            by = f" (it needs {error.by})" if error.by else ""
            return Verdict.BLOCKED, f"{error}{by}"
        if isinstance(error, GraderError):
            return Verdict.ERROR, str(error)
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        return Verdict.ERROR, "The grader's own fault:\n" + "".join(lines)[-2000:]


def _criterion_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("criterion")
    return str(marker.args[0]) if marker is not None and marker.args else ""


def _name_of(item: pytest.Item) -> str:
    """The first line of the test's docstring, with the parameters of a parametrised one."""
    function: Any = getattr(item, "function", None)
    doc = (getattr(function, "__doc__", None) or item.name).strip().splitlines()[0].strip()
    callspec: Any = getattr(item, "callspec", None)
    return f"{doc} [{callspec.id}]" if callspec is not None else doc
