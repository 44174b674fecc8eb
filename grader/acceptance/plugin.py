"""The pytest plugin of one grading: chooses the tests and turns each outcome into a check."""

import traceback
from typing import Any, Callable, Iterator, List, Optional, Sequence, Set, Tuple

import pytest

from grader.acceptance import fixtures
from grader.acceptance.examination import TEST_SECONDS, Examination, Findings
from grader.errors import CheckBlocked, CheckFailed, GraderError
from grader.scorecard import Check, Verdict
from grader.service.console import cut, neutralise

LONGEST_MESSAGE = 3000

Progress = Callable[[str, str, Optional[Verdict]], None]


class AcceptancePlugin:
    """Registered with pytest for one grading; ``findings`` is what comes out."""

    def __init__(
        self, examination: Examination, wanted: Sequence[str], progress: Optional[Progress] = None
    ) -> None:
        self.examination = examination
        self.wanted: Set[str] = set(wanted)
        self.progress: Progress = progress or (lambda criterion, name, verdict: None)

    @property
    def findings(self) -> Findings:
        """What the tests found."""
        return self.examination.findings

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the marker known and hand the examination to the fixtures."""
        config.addinivalue_line("markers", "criterion(id): the criterion that the test belongs to")
        # Nobody reads pytest's report of a failure, for which it parses the test's file each time.
        config.option.tbstyle = "native"
        config.stash[fixtures.EXAMINATION] = self.examination
        config.pluginmanager.register(fixtures, "grader-fixtures")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a test file cannot be read."""
        if report.failed:
            self.findings.collection_errors.append(str(report.longrepr)[-600:])

    def pytest_collection_modifyitems(self, items: List[pytest.Item]) -> None:
        """Keep the tests of the wanted criteria."""
        for item in items:
            if not _criterion_of(item):
                self.findings.collection_errors.append(f"{item.name} has no @criterion")
        items[:] = [item for item in items if _criterion_of(item) in self.wanted]

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
        failed = verdict is Verdict.FAILED
        if isinstance(error, CheckFailed):
            self.examination.stage.recorder.put_last(error.exchange)
        check = Check(
            name=_name_of(item),
            verdict=verdict,
            message=cut(neutralise(message), LONGEST_MESSAGE),
            exchanges=self.examination.stage.recorder.exchanges if failed else (),
            duration=duration,
            console=self.examination.console_of_check() if failed else "",
        )
        criterion = _criterion_of(item)
        self.findings.checks.setdefault(criterion, []).append(check)
        self.progress(criterion, check.name, verdict)

    def _judge(self, error: Optional[BaseException]) -> Tuple[Verdict, str]:
        if error is None:
            return Verdict.PASSED, ""
        if isinstance(error, CheckFailed):
            late = f"It was not done after {TEST_SECONDS:.0f} seconds and was ended. "
            return Verdict.FAILED, (late if self.examination.overdue else "") + str(error)
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
