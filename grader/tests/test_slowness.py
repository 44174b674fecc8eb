"""Limits on waiting have room for a machine that others keep busy."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.acceptance import slowness
from grader.acceptance.client import REQUEST_SECONDS, request_seconds
from grader.acceptance.stage import Stage
from grader.acceptance.warden import MOST_WAITED
from grader.service.launcher import Launcher


def load_of(monkeypatch: pytest.MonkeyPatch, tasks_a_processor: float) -> None:
    processors = slowness._processors()
    load = tasks_a_processor * processors
    monkeypatch.setattr(os, "getloadavg", lambda: (load, load, load), raising=False)


@pytest.mark.parametrize(("tasks", "expected"), [(0.0, 1.0), (1.0, 1.0), (3.0, 3.0), (99.0, 8.0)])
def test_it_grows_with_the_load_up_to_a_bound(
    tasks: float, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_of(monkeypatch, tasks)
    assert slowness.slowness() == pytest.approx(expected)


def test_without_a_load_average_it_is_what_was_measured_in_the_last_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Windows tells none, and an honest service on a busy machine was taken for one that hangs."""
    monkeypatch.delattr(os, "getloadavg", raising=False)
    monkeypatch.setattr(slowness, "_PROBES", slowness.Probes())
    now, shares = [1000.0], iter([1.1, 6.0, 2.0, 0.9])
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(slowness, "probe", lambda: next(shares))
    told = []
    for seconds in (0, 1, 20, 20, 50):
        now[0] += seconds
        told.append(slowness.slowness())
    assert told == [1.1, 1.1, 6.0, 6.0, 2.0]


def test_work_that_shares_its_processor_takes_longer_than_its_fastest_piece() -> None:
    each = max(2, slowness._processors()) * 4
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(each)]
    try:
        assert max(slowness.probe() for _ in range(10)) > 2
    finally:
        for process in busy:
            process.kill()
            process.wait()


def a_stage() -> Stage:
    """A grading that has started no service yet."""
    return Stage(Launcher(), Path(), (), ())


def test_a_busy_machine_gives_a_service_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    load_of(monkeypatch, 1)
    assert request_seconds() == pytest.approx(REQUEST_SECONDS)
    stage = a_stage()
    stage.patience.waited = 2 * MOST_WAITED
    stage.slowness()
    assert stage.patience.exhausted
    load_of(monkeypatch, 4)
    assert request_seconds() == pytest.approx(4 * REQUEST_SECONDS)
    assert stage.slowness() == pytest.approx(4)
    assert not stage.patience.exhausted


def test_a_service_that_hangs_gets_no_more_time_for_the_load_that_it_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five hundred children in a request: the next request would be waited for for two minutes."""
    load_of(monkeypatch, 2)
    stage = a_stage()
    assert stage.slowness() == pytest.approx(2)
    stage.hangs += 1
    load_of(monkeypatch, 99)
    assert stage.slowness() == pytest.approx(2)
