"""What a service may make the examiner wait, and what does not count as waiting."""

import time
from types import SimpleNamespace

import pytest

from grader.acceptance.warden import (
    MOST_DATABASE,
    MOST_IDLE,
    MOST_WAITED,
    MOST_WORKED,
    Patience,
    busy_seconds,
)


class Clock:
    """A clock that is set, and what the processors have worked until then."""

    now = 100.0
    worked = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which patience is measured."""
    made = Clock()
    measured = SimpleNamespace(monotonic=lambda: made.now)
    monkeypatch.setattr("grader.acceptance.warden.time", measured)
    return made


def wait(patience: Patience, clock: Clock, seconds: float, worked: float) -> None:
    """Wait so long, looking as a warden does, while the processors work so much of it."""
    with patience.waiting(free=5.0):
        for _ in range(4):
            patience.look()
            clock.now += seconds / 4
            clock.worked += worked / 4
            patience.look()


def test_a_service_that_sleeps_a_little_each_time_is_not_waited_for_for_ever(clock: Clock) -> None:
    """Each wait is free; all together are not."""
    patience = Patience(busy=lambda: clock.worked)
    for _ in range(9):
        wait(patience, clock, 4.0, worked=0.1)
    assert not patience.exhausted
    for _ in range(3):
        wait(patience, clock, 4.0, worked=0.1)
    assert patience.idled > MOST_IDLE
    assert patience.exhausted


def test_a_busy_machine_costs_a_service_nothing(clock: Clock) -> None:
    """Whoever keeps it busy: the verdict does not depend on load."""
    patience = Patience(busy=lambda: clock.worked)
    for _ in range(100):
        wait(patience, clock, 4.0, worked=4.0)
    assert patience.idled == 0
    assert not patience.exhausted


def test_time_between_the_waits_is_not_counted(clock: Clock) -> None:
    """The examiner's own pauses are its own."""
    patience = Patience(busy=lambda: clock.worked)
    for _ in range(10):
        patience.look()
        clock.now += 100
    assert patience.idled == 0


def test_where_nobody_tells_what_the_processors_do_only_long_waits_count(clock: Clock) -> None:
    """As on systems without /proc."""
    patience = Patience(busy=lambda: None)
    for _ in range(100):
        wait(patience, clock, 4.0, worked=0.0)
    assert not patience.exhausted
    wait(patience, clock, MOST_WAITED + 6, worked=0.0)
    assert patience.exhausted


def test_what_is_worked_is_bounded_however_busy_the_machine_is(clock: Clock) -> None:
    """For who keeps it busy makes the machine slow, and all other limits longer."""
    for name, most in (("database", MOST_DATABASE), ("worked", MOST_WORKED)):
        patience = Patience(busy=lambda: None, slow=8.0)
        for worked, too_much in ((1.0, False), (most, False), (most + 1, True)):
            setattr(patience, name, lambda worked=worked: worked)
            patience.look()
            assert bool(patience.overworked) is too_much


def test_the_processors_of_this_machine_work(clock: Clock) -> None:
    """Work shows, where the system tells of it."""
    before = busy_seconds()
    if before is None:
        pytest.skip("this system does not tell")
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    after = busy_seconds()
    assert after is not None
    assert after > before
