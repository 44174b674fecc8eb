"""Starts services for one test, with the exercise's standard options changed as it asks."""

from dataclasses import dataclass, replace
from typing import Any, List, Mapping, Optional

from grader.acceptance.options import LaunchOptions, ServiceDidNotStart
from grader.acceptance.services import Service
from grader.acceptance.stage import Stage
from grader.database import stillness
from grader.errors import CheckFailed
from grader.scorecard import Problem


@dataclass(frozen=True)
class FailedStart:
    """A start that failed, as the test wanted it to."""

    problem: Problem
    console: str


class StartService:
    """Starts services for one test and ends them with it."""

    def __init__(self, stage: Stage, standard: LaunchOptions) -> None:
        self._stage = stage
        self._standard = standard
        self._services: List[Service] = []

    def _options(self, changes: Mapping[str, Any]) -> LaunchOptions:
        merged = dict(changes)
        for name in ("env", "files"):
            merged[name] = {**getattr(self._standard, name), **changes.get(name, {})}
        return replace(self._standard, **merged)

    def _make(self, changes: Mapping[str, Any]) -> Service:
        service = Service(self._stage, self._options(changes))
        self._services.append(service)
        return service

    def __call__(self, **changes: Any) -> Service:
        """Start a service with the exercise's standard options changed as given.

        Raises:
            ServiceDidNotStart: it does not start.
        """
        service = self._make(changes)
        problem = service.begin()
        if problem is not None:
            raise ServiceDidNotStart(problem)
        return service

    def several(self, count: int, **changes: Any) -> List[Service]:
        """Start ``count`` services at the same moment; raises as a single start."""
        services = [self._make(changes) for _ in range(count)]
        for service in services:
            service.launch()
        for service in services:
            problem = service.wait_until_ready()
            if problem is not None:
                raise ServiceDidNotStart(problem)
        return services

    def at_rest(self) -> Optional[bool]:
        """Whether every service of this grading sleeps, the kernel says; None where it cannot."""
        if not stillness.known():
            return None
        return stillness.at_rest(s.pid for s in self._stage.started if s.launched)

    def worked(self) -> float:
        """How long all services of this grading have had a processor; 0 where it is not known."""
        return self._stage.patience.worked() or 0.0

    def expecting_failure(self, **changes: Any) -> FailedStart:
        """Start a service that is to refuse its start.

        Raises:
            CheckFailed: it serves all the same.
        """
        service = self._make(changes)
        problem = service.begin()
        if problem is None:
            raise CheckFailed("The service started and serves.")
        return FailedStart(problem, service.console.text(20000) + "\n" + problem.detail)

    def end(self) -> None:
        """End all that were started."""
        for service in self._services:
            service.end()
