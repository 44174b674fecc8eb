"""Virtual time moves from deadline to deadline, and only when told."""

import threading
from typing import List

from grader.clock.timeline import LATE, SECOND, Timeline


def test_time_stands_still_by_itself() -> None:
    timeline = Timeline()
    assert timeline.elapsed == 0


def test_a_step_without_deadlines_goes_all_the_way() -> None:
    timeline = Timeline()
    assert timeline.step(5 * SECOND) == {"now": 5 * SECOND, "arrived": True}


def test_a_step_that_is_not_to_arrive_stays() -> None:
    timeline = Timeline()
    assert timeline.step(5 * SECOND, arrive=False) == {"now": 0, "arrived": True}


def test_a_step_goes_to_the_first_deadline_only() -> None:
    timeline = Timeline()
    rung: List[str] = []
    with timeline.within(2, lambda: rung.append("two")):
        with timeline.within(1, lambda: rung.append("one")):
            timeline.step(9 * SECOND)
            assert (rung, timeline.elapsed) == (["one"], SECOND + LATE)
        timeline.step(9 * SECOND)
        assert (rung, timeline.elapsed) == (["one", "two"], 2 * SECOND + LATE)


def test_equal_deadlines_ring_together() -> None:
    timeline = Timeline()
    rung: List[int] = []
    with timeline.within(1, lambda: rung.append(1)), timeline.within(1, lambda: rung.append(2)):
        assert timeline.step(9 * SECOND)["rung"] == 2
    assert rung == [1, 2]


def test_a_deadline_that_is_over_does_not_ring() -> None:
    timeline = Timeline()
    with timeline.within(1, lambda: None):
        pass
    assert timeline.step(5 * SECOND)["arrived"]


def test_time_waits_for_those_who_were_rung() -> None:
    """Nobody is left behind: the next step comes when the first sleeper has woken."""
    timeline = Timeline()
    bell, go_on = threading.Event(), threading.Event()

    def sleep() -> None:
        with timeline.within(1, bell.set):
            asleep.set()
            go_on.wait()

    asleep = threading.Event()
    thread = threading.Thread(target=sleep)
    thread.start()
    asleep.wait()
    assert timeline.step(9 * SECOND)["rung"] == 1
    assert timeline.step(9 * SECOND)["busy"]
    go_on.set()
    thread.join()
    assert timeline.step(9 * SECOND)["arrived"]


def test_those_who_were_rung_are_seen_to_wait_again() -> None:
    timeline = Timeline()
    bell = threading.Semaphore(0)
    rests, go_on = threading.Semaphore(0), threading.Event()

    def beat() -> None:
        for _ in range(2):
            with timeline.within(1, bell.release):
                rests.release()
                bell.acquire()
            go_on.wait()

    thread = threading.Thread(target=beat)
    thread.start()
    rests.acquire()
    assert timeline.step(9 * SECOND)["rung"] == 1
    assert not timeline.wait_again()
    go_on.set()
    rests.acquire()
    assert timeline.wait_again()
    timeline.step(9 * SECOND)
    thread.join()
    assert not timeline.wait_again()


def test_time_can_be_told_not_to_wait() -> None:
    timeline = Timeline()
    with timeline.within(1, lambda: None):
        timeline.step(9 * SECOND)
        timeline.stop_listening()
        assert timeline.step(9 * SECOND)["arrived"]


def test_a_grain_takes_near_deadlines_together() -> None:
    timeline = Timeline()
    with timeline.within(1, lambda: None), timeline.within(1.01, lambda: None):
        assert timeline.step(9 * SECOND, grain=SECOND // 50)["rung"] == 2


def test_the_shortest_wait_is_a_wait() -> None:
    timeline = Timeline()
    with timeline.within(1e-12, lambda: None):
        assert timeline.step(SECOND)["rung"] == 1
