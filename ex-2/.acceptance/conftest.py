"""How the service of ex-2 is started, and how it is judged where its clock cannot be driven."""

import datetime
import time
import uuid
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional
from urllib.parse import quote

import pytest

from grader.acceptance import Call, Draw, LaunchOptions, Service, StartService, brief
from grader.acceptance.examination import Examination
from grader.acceptance.slowness import slowness
from grader.acceptance.submission_source import Source, read_source
from grader.errors import CheckFailed

RealTime = Callable[[str], None]
OnItsClock = Callable[[Service, str, Callable[[], None]], None]

# Modules whose clocks and waits the driven clock reaches, or which have none. Who imports another
# may tell the time by a file, a database, a signal or a library in C; so may who uses these names.
DRIVEN = frozenset(
    "__future__ abc anyio asyncio base64 bisect builtins calendar collections concurrent "
    "contextlib contextvars copy dataclasses datetime decimal email enum fastapi fractions "
    "functools hashlib heapq http inspect io itertools json logging math operator pprint "
    "pydantic queue random re sched secrets starlette statistics string sys textwrap "
    "threading time traceback types typing typing_extensions uuid uvicorn warnings weakref "
    "zoneinfo".split()
)
NOT_DRIVEN = frozenset(
    "PastDatetime FutureDatetime open open_file Path __import__ create_subprocess_exec "
    "create_subprocess_shell run_process open_process".split()
)

TOGETHER = 20
GAP = 7.0
# Three jobs a third of a second apart: what counts in whole seconds is early for one of them.
SINGLES, APART = 3, 0.35
NEARLY = (13.5, 14.2, 14.4)  # real seconds: a job that takes 14 is complete at the last
ACCEPTED = 10.0  # real seconds, in which all jobs are accepted if none is waited for
STILL_RUNNING, DONE = 14.5, 15.5  # as in the tests
# On the driven clock: a job that is complete by the last has waited on it, though perhaps too long.
MUCH_LATER = (20.0, 60.0)
IN_REAL_TIME = (
    "The jobs wait, or may tell the time, in a way that the driven clock does not reach, so they "
    "were judged in real time."
)
# How long a job may take in real time: a second and a half more than it should, or longer on a
# machine that is busy, where a process starts late; never so long as jobs that take 20 seconds.
JOB, MARGIN, LATEST = 15.0, 1.5, 18.5
ASK_EVERY = 0.2


@pytest.fixture(scope="session")
def launch_options(session_draw: Draw) -> LaunchOptions:
    """The clock moves only when a test says so.

    It begins less than a job before midnight. Whether a job's end is worked out rightly over the
    end of a minute, an hour and a day would otherwise depend on the time of the grading. As in
    life it is no whole second, of which `str` would leave the fraction out.
    """
    today = datetime.datetime.now(datetime.timezone.utc)
    second, microsecond = session_draw.integer(47, 57), session_draw.integer(101, 999)
    evening = today.replace(hour=23, minute=59, second=second, microsecond=microsecond)
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


@pytest.fixture(scope="session")
def on_its_clock(
    examination: Examination,
    launch_options: LaunchOptions,
    session_draw: Draw,
    real_time: RealTime,
) -> OnItsClock:
    """Make a check by advancing the clock, or judge its criterion in real time.

    The latter where jobs wait, or tell the time, out of the driven clock's reach. Where that shows
    only after the check has failed, it has not failed yet.
    """
    source = read_source(examination.stage.submission)
    stands_still: List[bool] = []

    def out_of_reach(service: Service) -> bool:
        if service.clock.escaped():
            return True
        if not stands_still:
            start = StartService(examination.stage, launch_options)
            stands_still.append(
                may_read_another_clock(source) and not follows_its_clock(start(), session_draw)
            )
            start.end()
        return stands_still[0]

    def make(service: Service, mark: str, check: Callable[[], None]) -> None:
        if not out_of_reach(service):
            try:
                check()
            except CheckFailed:
                if not service.clock.escaped():
                    raise
            else:
                return
        real_time(mark)

    return make


def may_read_another_clock(source: Source) -> bool:
    """Whether a submission uses anything that might tell the time in a way of its own."""
    own = {name.split("/")[0].partition(".")[0] for name in source.lines}
    return bool(source.imports - DRIVEN - own or source.names & NOT_DRIVEN) or not source.complete


def follows_its_clock(service: Service, draw: Draw) -> bool:
    """Whether a job's status changes with the driven clock, as far as can be told.

    It does not where the job is pending for ever, or complete before its time.
    """
    clock = service.clock

    def ask(call: Call) -> Any:
        outcome = clock.call(lambda: service.send(call, own_connection=True), service.port)
        if outcome.blocked and not clock.finish(outcome, 60.0):
            raise CheckFailed("It was not answered.")
        return outcome.result().object()

    try:
        receipt = ask(Call("POST", "/enrich", json={"company_domain": draw.business_domain()}))
        since, statuses = clock.now, []
        for moment in (0.0, STILL_RUNNING, DONE, *MUCH_LATER):
            clock.advance_to(since + moment)
            statuses.append(ask(status_of(str(receipt.get("job_id")))).get("status"))
    except CheckFailed:
        return True  # no clock explains that; the checks tell what it is
    return "complete" not in statuses[:2] and statuses[-1] != "pending"


def status_of(job_id: str) -> Call:
    """The request for a job's status, under the id as the service wrote it."""
    return Call("GET", "/enrich/" + quote(job_id, safe=""))


class Begun(NamedTuple):
    """A job in real time: when it was asked for, and when its receipt was there."""

    id: str
    domain: str
    sent: float
    since: float
    which: str


class Scenario:
    """Single jobs, jobs of one company, and twenty at once, each in a service of its own."""

    def __init__(self, start: StartService, draw: Draw) -> None:
        self._draw = draw
        self._one, self._two, self._many = (start() for _ in range(3))
        self._mistakes: Dict[str, str] = {}

    def run(self) -> Dict[str, str]:
        """Wait it out; what is wrong, by criterion."""
        singles = [self._begin(self._one)]
        first = self._begin(self._two)
        for number in range(1, SINGLES):
            _sleep_until(singles[0].since + number * APART)
            singles.append(self._begin(self._one))
        many = self._begin_together()
        _sleep_until(first.since + GAP)
        second = self._begin(self._two)
        again = self._begin(self._two, first.domain)
        for job in singles:
            self._expect_pending(self._one, job, "AC2")
        moments = [(job.sent + moment, job) for job in singles for moment in NEARLY]
        for when, job in sorted(moments):
            _sleep_until(when)
            self._expect_pending(self._one, job, "AC2")
        for job in singles:
            self._expect_complete(self._one, job, "AC3")
        self._expect_complete(self._two, first, "AC3")
        for job in (second, again):
            self._expect_pending(self._two, job, "AC3")
        third = self._begin(self._two, first.domain)  # now that something is known of it
        self._expect_pending(self._two, third, "AC3")
        for job in many:
            self._expect_complete(self._many, job, "AC5")
        many = self._begin_together()
        for job in (second, again):
            self._expect_complete(self._two, job, "AC3")
        for job in many:
            self._expect_complete(self._many, job, "AC5")
        return self._mistakes

    def _begin(self, service: Service, domain: Optional[str] = None, which: str = "") -> Begun:
        domain = domain or self._draw.business_domain()
        sent = time.monotonic()
        reply = service.send(Call("POST", "/enrich", json={"company_domain": domain}))
        job_id = str(reply.object().get("job_id"))
        if _as_uuid(job_id) is None:
            raise CheckFailed(f"{reply.asked} gave no job_id that is a UUID.")
        return Begun(job_id, domain, sent, time.monotonic(), which)

    def _begin_together(self) -> List[Begun]:
        began = time.monotonic()
        jobs: List[Begun] = []
        while len(jobs) < TOGETHER:
            jobs.append(self._begin(self._many, which=f", one of {TOGETHER} at a time,"))
            took = time.monotonic() - began
            if took > ACCEPTED * slowness():  # each may wait for the one before, and so on
                raise CheckFailed(
                    f"The service needed {took:.0f} seconds to accept {len(jobs)} jobs; "
                    "the ticket asks that nothing waits for a job."
                )
        return jobs

    def _expect_pending(self, service: Service, job: Begun, criterion: str) -> None:
        status = self._status(service, job)
        # A job begins after it was asked for: before this moment none may be complete.
        if status != "pending" and time.monotonic() < job.sent + STILL_RUNNING:
            self._mistake(criterion, job, "pending", status)

    def _expect_complete(self, service: Service, job: Begun, criterion: str) -> None:
        """Ask from its fifteenth second on, until it is complete or should have been for long.

        What is complete stays so: it is asked for once more.
        """
        until = job.since + min(LATEST, JOB + MARGIN * slowness())
        _sleep_until(job.since + JOB)
        while True:
            last = time.monotonic() > until
            status = self._status(service, job)
            if status == "complete" or last:
                break
            time.sleep(ASK_EVERY)
        if status == "complete":
            status = self._status(service, job)
        if status != "complete":
            self._mistake(criterion, job, "complete", status)

    def _status(self, service: Service, job: Begun) -> object:
        """What the service says; each answer has the id, and a job that is complete has data."""
        reply = service.send(status_of(job.id))
        if reply.status != 200:
            return reply.status
        body: Any = reply.object()
        if _as_uuid(str(body.get("job_id"))) != _as_uuid(job.id):
            return f"{body.get('status')}, under the job_id {brief(body.get('job_id'), 100)}"
        data = body.get("data")
        if body.get("status") == "complete" and not (isinstance(data, dict) and data):
            return "complete, without data"
        return body.get("status")

    def _mistake(self, criterion: str, job: Begun, wanted: str, status: object) -> None:
        age = time.monotonic() - job.sent
        self._mistakes.setdefault(
            criterion,
            f"{age:.1f} seconds after a job{job.which} was asked for, which should be {wanted} "
            f"then, it was {status!r}.",
        )


def _as_uuid(text: str) -> Optional[uuid.UUID]:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _sleep_until(moment: float) -> None:
    # The one place in which the passing of time is itself what is waited for.
    time.sleep(max(0.0, moment - time.monotonic()))
