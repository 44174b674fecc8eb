"""The database window: one fresh database of one test, and services that work on it."""

from typing import Any, Callable, List, Sequence

from grader.acceptance.messages import Call, Reply
from grader.acceptance.services import Service
from grader.acceptance.slowness import slowness
from grader.acceptance.starting import StartService
from grader.database.commits import held_commits
from grader.database.examiner import Examiner
from grader.database.race import NO_NEW_TABLES, Race, locks_on, run_race

VARIABLE = "DATABASE_URL"


class DatabaseWindow:
    """A fresh database; ``table`` shows the rows of its one table as they are stored."""

    def __init__(self, table: Examiner, start: StartService) -> None:
        self.table = table
        self._start = start
        table.at_rest = start.at_rest
        table.worked = start.worked
        table.slowness = slowness

    def _changes(self, changes: Any) -> Any:
        return {**changes, "env": {**changes.get("env", {}), VARIABLE: self.table.database.url}}

    def start(self, **changes: Any) -> Service:
        """Start a service on this database; see ``StartService``."""
        return self._start(**self._changes(changes))

    def start_both(self, at_commit: bool = False) -> None:
        """Start two services at the same moment, held until both are about to write.

        With ``at_commit``, where there is a table, until they are about to commit.

        Raises:
            CheckFailed: one of them does not start.
        """
        if not self.table.exists():
            self._start_both(NO_NEW_TABLES)
        elif not at_commit:
            self._start_both(locks_on([self.table.place()]))
        else:
            with held_commits(self.table) as take:
                self._start_both(take)

    def _start_both(self, take: Sequence[Any]) -> None:
        def both() -> List[Service]:
            return self._start.several(2, **self._changes({}))

        run_race(self.table, take, [both], meeting=2)

    def race(
        self,
        services: Sequence[Service],
        calls: Sequence[Call],
        told: Callable[[Reply], str],
        at_commit: bool = False,
    ) -> "Race[Reply]":
        """Send all calls, in turn to each of the services, and make them meet before they write.

        With ``at_commit`` it is the first that wants to commit who is held until the others have
        come as far as they can.

        Raises:
            CheckFailed: a call got no proper answer.
        """
        senders = [
            _sender(services[number % len(services)], call) for number, call in enumerate(calls)
        ]
        if not at_commit:
            return run_race(self.table, locks_on([self.table.place()]), senders, told)
        with held_commits(self.table) as take:
            return run_race(self.table, take, senders, told)


def _sender(service: Service, call: Call) -> Callable[[], Reply]:
    return lambda: service.send(call, own_connection=True)
