"""The examiner drives the time of a service, and knows what waits for time without waiting."""

import datetime
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional

import pytest

from grader.acceptance import LaunchOptions, Service
from grader.acceptance.stage import Stage
from grader.clock.driver import PATIENCE, Clock
from grader.scorecard import Problem
from grader.service.launcher import Launcher, make_launcher
from grader.system import SWITCH

HEAD = """
import asyncio, threading, time, datetime
from contextlib import asynccontextmanager
from fastapi import BackgroundTasks, FastAPI
app = FastAPI()
"""

SLOW = (
    HEAD
    + """
@app.get("/at-once")
async def at_once():
    return time.time()

@app.get("/slow")
async def slow(seconds: float = 15):
    await asyncio.sleep(seconds)
    return seconds

@app.get("/stuck")
async def stuck():
    time.sleep(15)
    return 15

@app.get("/work")
def work():
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
    return 1

@app.get("/never")
async def never():
    await asyncio.Event().wait()
"""
)

BEATS = (
    HEAD
    + """
def beat():
    while True:
        time.sleep(0.01)

threading.Thread(target=beat, daemon=True).start()
held = threading.Lock()
held.acquire()

@app.get("/naps")
def naps():
    began = time.monotonic()
    for _ in range(50):
        time.sleep(0.1)
    return time.monotonic() - began

@app.get("/locks")
def locks():
    for _ in range(20):
        threading.Thread(target=held.acquire, args=(True, 15), daemon=True).start()
"""
)

Serve = Callable[..., Service]


@pytest.fixture
def serve(tmp_path: Path, launcher: Launcher) -> Iterator[Serve]:
    """Start a program on a clock; all are ended with the test."""
    yield from serving(tmp_path, launcher)


@pytest.fixture
def serve_portably(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """The same where the system does not tell whether a thread sleeps."""
    monkeypatch.setenv(SWITCH, "1")
    launcher = make_launcher()
    yield from serving(tmp_path, launcher)
    launcher.close()


def serving(tmp_path: Path, launcher: Launcher) -> Iterator[Serve]:
    """Start programs by one launcher; all are ended at the end."""
    services: List[Service] = []

    def start(source: str, clock: Any = "driven") -> Service:
        (tmp_path / "main.py").write_text(source)
        stage = Stage(launcher, tmp_path, [str(tmp_path), *_path()], ["fastapi"])
        service = Service(stage, LaunchOptions(clock=clock))
        services.append(service)
        problem: Optional[Problem] = service.begin()
        assert problem is None, problem
        return service

    yield start
    for service in services:
        service.end()


def _path() -> List[str]:
    import sys

    return [entry for entry in sys.path if entry]


def test_what_needs_no_time_is_answered_at_once(serve: Serve) -> None:
    service = serve(SLOW)
    outcome = service.clock.call(lambda: service.get("/at-once"), service.port)
    assert not outcome.blocked
    assert outcome.result().status == 200


def test_what_waits_for_time_is_blocked_until_time_has_passed(serve: Serve) -> None:
    service = serve(SLOW)
    before = service.clock.now
    outcome = service.clock.call(lambda: service.get("/slow"), service.port)
    assert outcome.blocked
    with pytest.raises(RuntimeError):
        outcome.result()
    assert service.clock.finish(outcome, 60)
    assert outcome.result().json() == 15
    assert service.clock.now - before == pytest.approx(15, abs=0.01)


def test_a_blocked_loop_blocks_everybody(serve: Serve) -> None:
    service = serve(SLOW)
    stuck = service.clock.call(lambda: service.get("/stuck"), service.port)
    other = service.clock.call(lambda: service.get("/at-once"), service.port)
    assert stuck.blocked
    assert other.blocked
    assert service.clock.finish(other, 60)
    assert stuck.answered(5)


def test_work_is_not_taken_for_waiting(serve: Serve) -> None:
    """However long the processor needs, and whoever else wants it."""
    service = serve(SLOW)
    assert not service.clock.call(lambda: service.get("/work"), service.port).blocked


def test_a_question_that_is_late_is_not_taken_for_a_service_that_waits(serve: Serve) -> None:
    """A busy machine may keep the examiner's own threads from asking."""
    service = serve(SLOW)

    def ask() -> Any:
        end = time.process_time() + 1
        while time.process_time() < end:
            pass
        return service.get("/at-once")

    assert not service.clock.call(ask, service.port).blocked


def test_time_waits_for_an_answer_that_is_read_late(serve: Serve) -> None:
    """How long a blocked request took is told by the service's clock alone."""
    service = serve(SLOW)

    def ask() -> Any:
        reply = service.get("/slow?seconds=2")
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        return reply

    before = service.clock.now
    outcome = service.clock.call(ask, service.port)
    other = service.clock.call(lambda: service.get("/slow?seconds=30"), service.port)
    assert service.clock.finish(outcome, 60)
    assert service.clock.now - before == pytest.approx(2, abs=0.01)
    assert not other.answered()


def test_what_never_comes_is_given_up(serve: Serve) -> None:
    service = serve(SLOW)
    outcome = service.clock.call(lambda: service.get("/never"), service.port)
    assert outcome.blocked
    assert not service.clock.finish(outcome, 60)
    assert service.clock.now >= 60


def test_the_error_of_a_call_is_handed_on(serve: Serve) -> None:
    service = serve(SLOW)

    def fail() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        service.clock.call(fail).result()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing can be halted here")
def test_a_turn_of_the_start_that_comes_late_is_over_before_the_call(serve: Serve) -> None:
    """Otherwise it would move the time that the call is to find standing still."""
    service = serve(SLOW)
    for _ in range(10):
        service.clock.advance(0)
        os.kill(service.pid, signal.SIGSTOP)
        service.clock.run_until_idle()
        threading.Timer(0.1, os.kill, (service.pid, signal.SIGCONT)).start()
        outcome = service.clock.call(lambda: service.get("/slow"), service.port)
        assert outcome.blocked, "the answer came though nobody had let time pass"
        assert service.clock.finish(outcome, 16)


def test_all_clocks_move_together(serve: Serve) -> None:
    service = serve(SLOW)
    first = service.get("/at-once").json()
    service.clock.advance(3600)
    assert service.get("/at-once").json() - first == pytest.approx(3600, abs=0.001)


def test_a_moment_that_is_past_changes_nothing(serve: Serve) -> None:
    service = serve(SLOW)
    service.clock.advance_to(10)
    service.clock.advance_to(5)
    assert service.clock.now == 10


@pytest.mark.parametrize(
    "startup",
    [
        "time.sleep(3)",
        HEAD
        + """
@asynccontextmanager
async def lifespan(app):
    for _ in range(3):
        await asyncio.sleep(1)
    yield

app = FastAPI(lifespan=lifespan)
""",
    ],
)
def test_a_start_that_sleeps_comes_to_its_end(serve: Serve, startup: str) -> None:
    """And the clock knows afterwards what time it is."""
    service = serve(HEAD + startup + SLOW.replace("app = FastAPI()", ""))
    assert service.clock.now == pytest.approx(3, abs=0.1)
    begun = service.get("/at-once").json()
    service.clock.advance(1)
    assert service.get("/at-once").json() - begun == pytest.approx(1, abs=0.001)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
def test_the_end_is_driven(serve: Serve) -> None:
    """The server polls for its end with sleeps: these pass as well, and no more than these."""
    service = serve(SLOW)
    before = service.clock.now
    os.kill(service.pid, signal.SIGTERM)
    assert service.clock.run_until(lambda: not service.alive, 3)
    assert service.clock.now - before < 1


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
def test_an_end_that_takes_too_long_is_seen(serve: Serve) -> None:
    service = serve(
        HEAD
        + """
@app.get("/begin")
def begin(tasks: BackgroundTasks):
    tasks.add_task(time.sleep, 15)
"""
    )
    service.get("/begin")
    os.kill(service.pid, signal.SIGTERM)
    assert not service.clock.run_until(lambda: not service.alive, 3)
    assert service.clock.run_until(lambda: not service.alive, 20)


def test_a_service_that_has_ended_does_not_stop_the_clock(serve: Serve) -> None:
    service = serve(SLOW)
    os.kill(service.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    began = time.monotonic()
    service.clock.advance(15)
    assert service.clock.now == 15
    assert time.monotonic() - began < 15


def test_a_service_that_never_rests_is_not_waited_for_twice(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.clock.driver.PATIENCE", 1.0)
    service = serve(
        HEAD
        + """
@app.get("/spin")
def spin():
    def turn():
        while True:
            pass
    threading.Thread(target=turn, daemon=True).start()
"""
    )
    service.get("/spin")
    clock: Clock = service.clock
    assert not clock.settle()
    began = time.monotonic()
    clock.advance(1)
    assert time.monotonic() - began < 20
    assert clock.now == 1


def test_sleeps_are_exact_beside_a_thread_that_beats(serve_portably: Serve) -> None:
    """And rest, which is dear to tell here, is not told anew at each beat."""
    service = serve_portably(BEATS)
    clock: Clock = service.clock
    orders: List[Any] = []
    request = service.channel.request

    def counted(message: Any, *seconds: float) -> Any:
        orders.append(message["op"])
        return request(message, *seconds)

    service.channel.request = counted
    outcome = clock.call(lambda: service.get("/naps"), service.port)
    assert outcome.blocked
    began = clock.now
    assert clock.finish(outcome, 6)
    assert outcome.result().json() == pytest.approx(5, abs=0.01)
    assert clock.now - began == pytest.approx(5, abs=0.15)
    beats = (clock.now - began) / 0.01
    assert orders.count("clock.step") < 0.9 * beats


def test_threads_that_wait_for_a_lock_with_a_time_out_are_at_rest(serve_portably: Serve) -> None:
    """They try again and again, in vain; time moves all the same, and as soon as ever."""
    service = serve_portably(BEATS)
    assert not service.clock.call(lambda: service.get("/locks"), service.port).blocked
    assert all(service.clock.settle(10) for _ in range(10))
    service.clock.advance(15.5)
    assert service.clock._patience == PATIENCE, "it gave up to wait for rest"


def test_the_calendar_can_start_on_another_day(serve: Serve) -> None:
    """A shifted clock runs on, from the day that it is given."""
    friday = datetime.datetime(2027, 3, 5, 8, 0, tzinfo=datetime.timezone.utc)
    source = (
        HEAD
        + """
@app.get("/today")
def today():
    return [str(datetime.date.today()), str(datetime.datetime.now())[:16], time.strftime("%a")]
"""
    )
    service = serve(source, friday)
    assert service.get("/today").json() == ["2027-03-05", "2027-03-05 08:00", "Fri"]
