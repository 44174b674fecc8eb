"""PROJ-102: jobs that run in the background, judged on a clock that the tests drive."""

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, List, Optional
from urllib.parse import quote, urljoin, urlsplit

import pytest

from grader.acceptance import (
    Call,
    Draw,
    Reply,
    Service,
    StartService,
    blocked,
    brief,
    criterion,
    require,
)
from grader.acceptance.slowness import slowness
from grader.clock.driver import Clock
from grader.clock.outcome import Outcome
from grader.errors import CheckFailed

# Makes a criterion's check by advancing the clock, or judges in real time; see conftest.py.
OnItsClock = Callable[[Service, str, Callable[[], None]], None]

# The ticket's margin: what happens between these two moments is not looked at.
STILL_RUNNING = 14.5
DONE = 15.5
# What goes by the seconds of a minute, or keeps a job so long, is wrong again then.
A_MINUTE = 60.0

# What a blocked request may take in virtual seconds, before it counts as never answered: of several
# each may wait for the jobs of all, one after the other.
LONG, LONG_TOGETHER = 60.0, 360.0

# Two seconds, and what the server itself takes for its farewell. In real time a busy machine may
# take longer, but never as long as one that waits for its jobs.
SHUTDOWN_SECONDS, LONGEST_SHUTDOWN = 3.0, 10.0

# An answer that needs no more than this on the service's clock waits for no job.
PROMPT = 0.25

TOGETHER = 20
OFTEN = 12  # as a client that polls for a job of before a restart


@dataclass(frozen=True)
class Job:
    """A job: its id as the service wrote it, when it was asked for, when its receipt came."""

    id: str
    sent: float
    since: float

    def asked(self) -> Call:
        """The request for its status."""
        return Call("GET", "/enrich/" + quote(self.id, safe=""))


# -- asking while time stands still ------------------------------------------------------------


def at_once(service: Service, call: Call, what: str = "") -> Reply:
    """The answer to a request that must not wait for a job; CheckFailed if it does."""
    outcome = outcome_of(service, [call])
    require_prompt(service, outcome, what or f"{call.method} {call.path}", LONG)
    return first(outcome)


def all_at_once(service: Service, calls: List[Call], what: str) -> List[Reply]:
    """The answers to requests that are sent together and must not wait for a job."""
    outcome = outcome_of(service, calls)
    require_prompt(service, outcome, what, LONG_TOGETHER)
    return outcome.result()


def in_time(service: Service, call: Call) -> Reply:
    """The answer to a request that may take time: whether it should is another criterion's."""
    outcome = outcome_of(service, [call])
    if outcome.blocked and not service.clock.finish(outcome, LONG):
        raise CheckFailed(f"{call.method} {call.path} was not answered within {LONG:.0f} seconds.")
    return first(outcome)


def outcome_of(service: Service, calls: List[Call]) -> "Outcome[List[Reply]]":
    """Send requests while time stands still."""

    def ask() -> List[Reply]:
        if len(calls) > 1:
            return service.together(calls)
        # A job that fails in a background task takes the connection of its request with it.
        return [service.send(calls[0], own_connection=True)]

    clock: Clock = service.clock
    return clock.call(ask, service.port)


def first(outcome: "Outcome[List[Reply]]") -> Reply:
    """The answer to a single request."""
    return outcome.result()[0]


def require_prompt(
    service: Service, outcome: "Outcome[List[Reply]]", what: str, seconds: float
) -> None:
    """Fail the check unless the answer was there at once, and say how long it took."""
    if not outcome.blocked:
        return
    began = service.clock.now
    if service.clock.finish(outcome, PROMPT):
        return
    came = service.clock.finish(outcome, seconds)
    if came:
        outcome.result()  # an answer that is a failure of its own says more
    took = f"only {service.clock.now - began:.1f} seconds later" if came else "not at all"
    raise CheckFailed(
        f"{what} was not answered at once. The answer came {took}, on the service's own clock; "
        "the ticket asks that nothing waits for a job."
    )


def enrich_call(draw: Draw) -> Call:
    """A request for a company that nobody else asks for: its domain has one dot, or two."""
    prefix = draw.choice(("", f"{draw.word()}."))
    return Call("POST", "/enrich", json={"company_domain": prefix + draw.business_domain()})


def job_id_of(reply: Reply) -> Optional[str]:
    """The job id of a receipt, as text; None if there is none."""
    body = reply.object()
    value = body.get("job_id")
    return str(value) if isinstance(value, (str, int)) and value != "" else None


def as_job(service: Service, reply: Reply, sent: float) -> Job:
    """The job of a receipt. Whether the receipt is all in order is AC1's to say."""
    if not 200 <= reply.status < 300:
        reply.expect(202, why="without that there is no job to look at")
    try:
        job_id = job_id_of(reply)
    except CheckFailed:
        job_id = None
    if job_id is None:
        blocked("AC1", f"{reply.asked} gave no job_id, so there is no job to look at.")
    return Job(job_id, sent, service.clock.now)


def start_job(service: Service, draw: Draw, call: Optional[Call] = None) -> Job:
    """Start a job; if its receipt comes late, the job counts from then."""
    sent = service.clock.now
    return as_job(service, in_time(service, call or enrich_call(draw)), sent)


def same_id(value: Any, job: Job) -> bool:
    """Whether an id in an answer is the job's, in whichever form."""
    try:
        return uuid.UUID(str(value)) == uuid.UUID(job.id)
    except ValueError:
        return str(value) == job.id


def status_in(reply: Reply, job: Job, when: str) -> Any:
    """The status that an answer gives for a job."""
    reply.expect(200, why=f"the job was started before, and was asked for {when}")
    body = reply.object()
    given = f"the job_id {brief(body['job_id'], 100)}" if "job_id" in body else "no job_id"
    require(
        same_id(body.get("job_id"), job),
        f"The status of job {job.id} carries {given}; "
        "the ticket asks for the id of the job that was asked for.",
    )
    return body.get("status")


def require_pending(reply: Reply, job: Job, when: str) -> None:
    """The job runs."""
    status = status_in(reply, job, when)
    require(
        status == "pending",
        f"{when[:1].upper()}{when[1:]} the job's status was {status!r}; "
        'a job takes 15 seconds, and until then the ticket asks for "pending".',
    )


def require_complete(reply: Reply, job: Job, when: str) -> None:
    """The job is done and has found something."""
    status = status_in(reply, job, when)
    require(
        status == "complete",
        f"{when[:1].upper()}{when[1:]} the job's status was {status!r}; "
        'a job takes 15 seconds, and after that the ticket asks for "complete".',
    )
    body = reply.object()
    data = body.get("data")
    has = f"its data is {brief(data)}" if "data" in body else "it has no `data`"
    require(
        isinstance(data, dict) and data,
        f"The job is complete, but {has}; the ticket asks for an object that is not empty.",
    )


def says_complete(reply: Reply) -> bool:
    """Whether the answer tells of a complete job."""
    return reply.status == 200 and reply.object().get("status") == "complete"


def after(seconds: float) -> str:
    """A moment of a job, in words."""
    if not seconds:
        return "right after its receipt came"
    return f"{seconds:g} seconds after the answer to its POST"


# -- AC1 ---------------------------------------------------------------------------------------


@criterion("AC1")
def test_a_job_is_accepted_with_an_id(start: StartService, draw: Draw) -> None:
    """POST /enrich answers 202 with a UUID, without waiting for the job."""
    service = start()
    reply = at_once(service, enrich_call(draw))
    reply.expect(202, why="the job is accepted, and runs in the background")
    require_uuid(reply)


@criterion("AC1")
def test_every_job_has_an_id_of_its_own(start: StartService, draw: Draw) -> None:
    """Every request gets a new id at once, also for the same company."""
    service = start()
    first = enrich_call(draw)
    ids = set()
    for count, call in enumerate([first, first, enrich_call(draw), first], start=1):
        reply = at_once(service, call)
        reply.expect(202, why="every request starts a job of its own")
        ids.add(require_uuid(reply))
        require(
            len(ids) == count,
            f"Request number {count} was given a job_id that an earlier one had; "
            "the ticket asks for a new UUID at every request.",
        )


def require_uuid(reply: Reply) -> uuid.UUID:
    """The receipt's job id, which must be a UUID."""
    value = reply.object().get("job_id")
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise CheckFailed(
            f"The answer to {reply.asked} has the job_id {value!r}; the ticket asks for a UUID."
        ) from None


@criterion("AC1")
def test_a_body_without_company_domain_is_refused(start: StartService, draw: Draw) -> None:
    """A body without company_domain gives 422."""
    service = start()
    for body in ({}, {"company_name": draw.company()}):
        reply = in_time(service, Call("POST", "/enrich", json=body))
        reply.expect(422, why="the body has no company_domain")


# -- AC2 ---------------------------------------------------------------------------------------


@criterion("AC2")
def test_a_running_job_is_pending(
    start: StartService, draw: Draw, on_its_clock: OnItsClock
) -> None:
    """A job is pending from its start until 15 seconds have passed."""
    service = start()
    job = start_job(service, draw)

    def check() -> None:
        for moment in (0.0, draw.integer(30, 120) / 10, STILL_RUNNING):
            service.clock.advance_to(job.since + moment)
            for _ in range(2):  # a client may ask as often as it likes
                require_pending(at_once(service, job.asked()), job, after(moment))

    on_its_clock(service, "AC2", check)


@criterion("AC2")
def test_every_job_is_pending_for_its_own_time(
    start: StartService, draw: Draw, on_its_clock: OnItsClock
) -> None:
    """Jobs that start at odd moments are pending until 15 seconds after their own start."""
    service = start()

    def check() -> None:
        jobs = []
        # Thirds of a second apart: what counts in whole seconds, or turns, is early for one.
        for _ in range(3):
            service.clock.advance(draw.integer(1, 2) + 0.35)
            jobs.append(start_job(service, draw))
        for job in jobs:
            service.clock.advance_to(job.since + STILL_RUNNING)
            require_pending(at_once(service, job.asked()), job, after(STILL_RUNNING))

    on_its_clock(service, "AC2", check)


# -- AC3 ---------------------------------------------------------------------------------------


@criterion("AC3")
def test_a_finished_job_is_complete(
    start: StartService, draw: Draw, on_its_clock: OnItsClock
) -> None:
    """After 15 seconds a job is complete and has data, and stays so."""
    service = start()
    job = start_job(service, draw)

    def check() -> None:
        jobs = [job]
        # Quarters of a second apart: who looks once a second is late for two of them.
        for _ in range(3):
            service.clock.advance(draw.integer(1, 2) + 0.25)
            jobs.append(start_job(service, draw))
        service.clock.advance_to(job.since + STILL_RUNNING)
        in_time(service, job.asked())  # what it says now is AC2's, and no answer to the next
        for one in jobs:
            service.clock.advance_to(one.since + DONE)
            require_complete(in_time(service, one.asked()), one, after(DONE))
        for moment in (DONE + draw.integer(8, 20), A_MINUTE + draw.integer(2, 12)):
            service.clock.advance_to(job.since + moment)
            require_complete(in_time(service, job.asked()), job, after(moment))

    on_its_clock(service, "AC3", check)


@criterion("AC3")
@pytest.mark.parametrize("same", [False, True], ids=["of different companies", "of one company"])
def test_jobs_are_complete_each_at_its_own_time(
    start: StartService, draw: Draw, on_its_clock: OnItsClock, same: bool
) -> None:
    """Jobs that were started at different times are complete at different times"""
    service = start()
    call = enrich_call(draw) if same else None
    first = start_job(service, draw, call)

    def check() -> None:
        service.clock.advance(draw.integer(40, 90) / 10)
        second = start_job(service, draw, call)
        require_complete_alone(service, first, second)
        third = start_job(service, draw, call)  # now that another has found something
        require_complete_alone(service, second, third)
        service.clock.advance_to(third.since + DONE)
        for job in (third, second, first):
            reply = in_time(service, job.asked())
            require_complete(reply, job, "15.5 seconds or more after the answer to its POST")
        jobs = [first, second, third, start_job(service, draw, call)]
        ids = [job.id for job in jobs]
        require(
            len(set(ids)) == len(ids),
            f"Of {len(ids)} jobs, one started after the other, the ids are {', '.join(ids)}; the "
            "ticket asks for each job under its own id.",
        )

    on_its_clock(service, "AC3", check)


def require_complete_alone(service: Service, job: Job, later: Job) -> None:
    """Fail unless a job is complete in its time, and one that was started later is not yet."""
    service.clock.advance_to(job.since + DONE)
    require_complete(in_time(service, job.asked()), job, after(DONE))
    reply = in_time(service, later.asked())
    age = service.clock.now - later.sent
    require(
        age > STILL_RUNNING or not says_complete(reply),
        f"Of two jobs, the later one was complete {age:.1f} seconds after it was asked for; "
        "each job takes 15 seconds from its own start.",
    )


# -- AC4 ---------------------------------------------------------------------------------------


@criterion("AC4")
def test_a_job_that_nobody_started_is_not_found(start: StartService, draw: Draw) -> None:
    """An unknown UUID gives 404."""
    service = start()
    for _ in range(OFTEN):
        reply = in_time(service, Call("GET", f"/enrich/{draw.uuid()}"))
        reply.expect(404, why="nobody started this job")


@criterion("AC4")
def test_an_unknown_job_is_not_found_among_others(start: StartService, draw: Draw) -> None:
    """An unknown UUID gives 404 also while jobs run, and when they are complete."""
    service = start()
    job = start_job(service, draw)
    unknown = draw.uuid()
    for seconds in (1.0, DONE):
        service.clock.advance(seconds)
        for job_id in (unknown, draw.uuid(), *nearly(job)):
            reply = in_time(service, Call("GET", f"/enrich/{job_id}"))
            reply.expect(404, why="nobody started this job, though there are others")


def nearly(job: Job) -> List[str]:
    """UUIDs that differ from a job's in one digit, the first or the last."""
    try:
        number = uuid.UUID(job.id).int
    except ValueError:
        return []  # that it is no UUID is AC1's to say
    return [str(uuid.UUID(int=number ^ bit)) for bit in (1, 1 << 127)]


# -- AC5 ---------------------------------------------------------------------------------------


@criterion("AC5")
def test_running_jobs_hold_nothing_up(start: StartService, draw: Draw) -> None:
    """While jobs run, other requests are answered promptly."""
    service = start()
    jobs = [start_job(service, draw) for _ in range(3)]
    service.clock.advance(draw.integer(10, 60) / 10)
    at_once(service, enrich_call(draw), "POST /enrich, sent while other jobs were running,")
    for job in jobs:
        at_once(service, job.asked(), "The status of a job, asked for while jobs were running,")
    nobodys = Call("GET", f"/enrich/{draw.uuid()}")
    at_once(service, nobodys, "The status of an unknown job, asked for while jobs were running,")


@criterion("AC5")
def test_twenty_jobs_take_as_long_as_one(
    start: StartService, draw: Draw, on_its_clock: OnItsClock
) -> None:
    """Twenty jobs that are started together are all complete 15 seconds later."""
    service = start()
    jobs = start_together(service, draw)

    def check() -> None:
        service.clock.advance(draw.integer(10, 60) / 10)
        for job in draw.sample(jobs, 3):
            at_once(service, job.asked(), f"The status of a job, while {TOGETHER} were running,")
        require_all_complete(service, jobs, f"{TOGETHER} jobs")
        # Whether a finished job stays complete by itself is AC3's to say.
        stays = all(says_complete(in_time(service, job.asked())) for job in jobs)
        later = start_together(service, draw)
        require_all_complete(service, later, f"another {TOGETHER} jobs, after the first,")
        if stays:
            require_all_complete(service, jobs, f"the first {TOGETHER} of {2 * TOGETHER} jobs")

    on_its_clock(service, "AC5", check)


def start_together(service: Service, draw: Draw) -> List[Job]:
    """Start twenty jobs at the same moment."""
    calls = [enrich_call(draw) for _ in range(TOGETHER)]
    replies = all_at_once(service, calls, f"One of {TOGETHER} requests POST /enrich sent together")
    return [as_job(service, reply, service.clock.now) for reply in replies]


def require_all_complete(service: Service, jobs: List[Job], which: str) -> None:
    """Fail unless all are complete 15.5 seconds after the start of the last, and say so at once."""
    service.clock.advance_to(jobs[-1].since + DONE)
    replies = [at_once(service, job.asked(), "The status of one of the jobs") for job in jobs]
    incomplete = [reply for reply in replies if not says_complete(reply)]
    others = Counter(map(told, incomplete))
    answers = ", ".join(f"{count} answered {answer}" for answer, count in others.items())
    age = service.clock.now - jobs[-1].since
    require(
        not incomplete,
        f"{age:.1f} seconds after {which} were started together, "
        f"{len(jobs) - len(incomplete)} of them were complete, and {answers}; the ticket asks "
        "that all are complete.",
        shown_by=next(iter(incomplete), None),
    )


def told(reply: Reply) -> str:
    """What an answer says of a job, in a word."""
    return repr(reply.object().get("status"))[:50] if reply.status == 200 else str(reply.status)


# -- stretch -----------------------------------------------------------------------------------


@criterion("LOCATION")
def test_the_receipt_says_where_to_look(start: StartService, draw: Draw) -> None:
    """The 202 has a Location header, and a GET there answers with the job's status."""
    service = start()
    start_job(service, draw)  # what stands in the Location is not this one
    reply = in_time(service, enrich_call(draw))
    job = as_job(service, reply, service.clock.now)
    location = reply.headers.get("location")
    require(location, f"The answer to {reply.asked} has no Location header.")
    path = path_of(service, "/enrich", str(location))
    there = in_time(service, Call("GET", path))
    further = there.headers.get("location")
    if 300 <= there.status < 400 and further:  # a slash too many, say: every client follows
        there = in_time(service, Call("GET", path_of(service, path, further)))
    require(
        200 <= there.status < 300,
        f"The Location is {location}, and a GET there answered {there.status}; "
        "the ticket asks that it answers with the status of the job.",
    )
    body = there.object()
    require(
        same_id(body.get("job_id"), job) and "status" in body,
        f"The Location is {location}, but a GET there does not answer with the status of "
        f"job {job.id}.",
    )


def path_of(service: Service, base: str, location: str) -> str:
    """The path and query that a Location in an answer to ``base`` leads to."""
    host = f"127.0.0.1:{service.port}"
    target = urlsplit(urljoin(f"http://{host}{base}", location))
    require(
        target.netloc == host and target.scheme == "http",
        f"The Location is {location}, which leads away from the service that was asked; "
        "the ticket asks for the path or the URL of the job's status.",
    )
    return target.path + (f"?{target.query}" if target.query else "")


@criterion("SHUTDOWN")
def test_the_service_does_not_wait_for_its_jobs(start: StartService, draw: Draw) -> None:
    """On SIGTERM with jobs running the service ends within 2 seconds."""
    service = start()
    for _ in range(3):
        start_job(service, draw)
    if service.clock.escaped():
        ends_in_real_time(start, draw)
        return
    service.clock.advance(draw.integer(10, 60) / 10)
    require(service.alive, "The service ended before it was told to.")
    service.tell_to_end()
    require(
        service.clock.run_until(lambda: not service.alive, SHUTDOWN_SECONDS),
        "Told to end (SIGTERM) while jobs were running, the service was still there after "
        f"{SHUTDOWN_SECONDS:.0f} seconds; the ticket asks that it ends within 2.",
    )


def ends_in_real_time(start: StartService, draw: Draw) -> None:
    """The same, for jobs that wait out of the driven clock's reach."""
    service = start(clock=None, calendar=None)
    for _ in range(3):
        service.send(enrich_call(draw))
    seconds = min(LONGEST_SHUTDOWN, SHUTDOWN_SECONDS * slowness())
    require(
        service.stop(seconds).graceful,
        "Told to end (SIGTERM) while jobs were running, the service was still there after "
        f"{seconds:.0f} seconds; the ticket asks that it ends within 2. "
        "(This was judged in real time.)",
    )
