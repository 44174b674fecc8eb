"""Every way to wait obeys the driven clock."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Optional

import pytest

from grader.clock.driver import Clock
from grader.service.channel import Channel
from grader.tests import clock_subject

ROOT = Path(__file__).resolve().parents[2]


class Subject:
    """The process of `clock_subject`, and the clock that drives it."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            program = [sys.executable, "-m", "grader.tests.clock_subject", str(port)]
            self.process = subprocess.Popen(program, cwd=str(ROOT))
            listener.settimeout(60)
            self.channel = Channel(listener.accept()[0])
        self.clock = Clock(self.channel, self.process.pid)

    def begin(self, name: str) -> None:
        """Start a case in a thread of its own."""
        self.channel.request({"op": "begin", "name": name})

    def outcome(self, name: str) -> Optional[str]:
        """How long the case took, or its mistake; None while it waits."""
        self.clock.settle()
        outcome = self.channel.request({"op": "outcome", "name": name})["outcome"]
        return None if outcome is None else str(outcome)

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        self.channel.close()


@pytest.fixture(scope="module")
def subject() -> Iterator[Subject]:
    subject = Subject()
    yield subject
    subject.end()


@pytest.mark.parametrize("name", list(clock_subject.CASES))
def test_a_wait_ends_when_its_time_has_come(subject: Subject, name: str) -> None:
    """It lasts as long as the clock is told to move, to the tenth of a second."""
    subject.begin(name)
    assert subject.outcome(name) is None
    subject.clock.advance(14.9)
    assert subject.outcome(name) is None
    subject.clock.advance(0.2)
    outcome = subject.outcome(name)
    assert outcome is not None
    assert float(outcome) == pytest.approx(15, abs=0.05)


@pytest.mark.parametrize("name", list(clock_subject.AT_ONCE))
def test_what_needs_no_time_takes_none(subject: Subject, name: str) -> None:
    """Short cuts, wake-ups and mistakes work while the clock stands still."""
    before = subject.clock.now
    subject.begin(name)
    assert subject.outcome(name) == "0.00"
    assert subject.clock.now == before
