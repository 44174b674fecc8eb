"""How the service of ex-2 is started, and how it is judged where its clock cannot be driven."""

import datetime
import time
import uuid
from typing import Any, Callable, Dict, Iterator, List

import pytest

from grader.acceptance import Call, Draw, LaunchOptions, Reply, Service, StartService
from grader.acceptance.examination import Examination
from grader.acceptance.slowness import slowness
from grader.errors import CheckFailed

RealTime = Callable[[str], None]

TOGETHER = 20
GAP = 7.0
STILL_RUNNING = 14.5
ACCEPTED = 10.0  # real seconds, in which all jobs are accepted if none is waited for
IN_REAL_TIME = (
    "The jobs wait in a way that the driven clock does not reach, so they were judged in real time."
)
DONE = 16.5  # real seconds: the margin has room for a machine that is busy


@pytest.fixture(scope="session")
def launch_options(session_draw: Draw) -> LaunchOptions:
    """The clock moves only when a test says so.

    It begins less than a job before midnight. Whether a job's end is worked out rightly over the
    end of a minute, an hour and a day would otherwise depend on the time of the grading.
    """
    today = datetime.datetime.now(datetime.timezone.utc)
    evening = today.replace(hour=23, minute=59, second=session_draw.integer(47, 57), microsecond=0)
    return LaunchOptions(clock="driven", calendar=evening)


@pytest.fixture(scope="session")
def real_time(examination: Examination, session_draw: Draw) -> Iterator[RealTime]:
    """Judge a criterion by jobs that run in real time: one wait, that the criteria share.

    For jobs that wait in a way that the driven clock does not reach.
    """
    start = StartService(examination.stage, LaunchOptions())
    mistakes: Dict[str, str] = {}
    tried: List[bool] = []

    def judge(criterion: str) -> None:
        if not tried:
            tried.append(True)
            examination.findings.notes.append(IN_REAL_TIME)
            try:
                mistakes.update(Scenario(start, session_draw).run())
            except CheckFailed as failure:  # no further than this, and so nothing holds
                mistakes.update(dict.fromkeys(("AC2", "AC3", "AC5"), str(failure)))
        if criterion in mistakes:
            raise CheckFailed(f"{mistakes[criterion]} (This was judged in real time.)")

    yield judge
    start.end()


class Scenario:
    """One job, two jobs at different times, and twenty at once, each in a service of its own."""

    def __init__(self, start: StartService, draw: Draw) -> None:
        self._draw = draw
        self._one, self._two, self._many = (start() for _ in range(3))
        self._mistakes: Dict[str, str] = {}
        self._began = time.monotonic()

    def run(self) -> Dict[str, str]:
        """Wait it out; what is wrong, by criterion."""
        one = self._begin(self._one)
        first = self._begin(self._two)
        many = self._begin_together()
        self._sleep_until(GAP)
        second = self._begin(self._two)
        self._expect(self._one, one, "pending", "AC2")
        self._sleep_until(STILL_RUNNING - 1)
        reply = self._status(self._one, one)
        if time.monotonic() - self._began < STILL_RUNNING:
            self._judge(reply, "pending", "AC2")
        self._sleep_until(DONE)
        self._expect(self._one, one, "complete", "AC3")
        self._expect(self._two, first, "complete", "AC3")
        self._expect(self._two, second, "pending", "AC3")
        for job in many:
            self._expect(self._many, job, "complete", "AC5")
        self._sleep_until(GAP + DONE)
        self._expect(self._two, second, "complete", "AC3")
        return self._mistakes

    def _begin(self, service: Service) -> str:
        domain = self._draw.business_domain()
        reply = service.send(Call("POST", "/enrich", json={"company_domain": domain}))
        try:
            return str(uuid.UUID(str(reply.object().get("job_id"))))
        except ValueError:
            raise CheckFailed(f"{reply.asked} gave no job_id that is a UUID.") from None

    def _begin_together(self) -> List[str]:
        jobs: List[str] = []
        while len(jobs) < TOGETHER:
            jobs.append(self._begin(self._many))
            took = time.monotonic() - self._began
            if took > ACCEPTED * slowness():  # each may wait for the one before, and so on
                raise CheckFailed(
                    f"The service needed {took:.0f} seconds to accept {len(jobs) + 2} jobs; "
                    "the ticket asks that nothing waits for a job."
                )
        return jobs

    def _sleep_until(self, moment: float) -> None:
        # The one place in which the passing of time is itself what is waited for.
        time.sleep(max(0.0, self._began + moment - time.monotonic()))

    def _status(self, service: Service, job: str) -> Reply:
        return service.send(Call("GET", f"/enrich/{job}"))

    def _expect(self, service: Service, job: str, status: str, criterion: str) -> None:
        self._judge(self._status(service, job), status, criterion)

    def _judge(self, reply: Reply, status: str, criterion: str) -> None:
        body: Any = reply.object() if reply.status == 200 else {}
        right = body.get("status") == status
        if right and status == "complete":
            data = body.get("data")
            right = isinstance(data, dict) and bool(data)
        if not right:
            after = time.monotonic() - self._began
            self._mistakes.setdefault(
                criterion,
                f"{after:.1f} seconds after the first job was started, a job that should be "
                f"{status} answered {reply.status} {body.get('status')!r}.",
            )
