"""Limits on waiting have room for a machine that others keep busy."""

import os
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


def test_without_a_load_average_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getloadavg", raising=False)
    assert slowness.slowness() == 1.0


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
