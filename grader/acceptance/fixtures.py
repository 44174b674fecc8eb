"""The fixtures of hidden tests; an exercise's conftest.py may override ``launch_options``."""

from typing import Iterator

import pytest

from grader.acceptance.draw import Draw
from grader.acceptance.examination import Examination
from grader.acceptance.options import LaunchOptions
from grader.acceptance.services import Service
from grader.acceptance.starting import StartService

EXAMINATION = pytest.StashKey[Examination]()


@pytest.fixture(scope="session")
def examination(request: pytest.FixtureRequest) -> Examination:
    """What the tests of this grading share."""
    return request.config.stash[EXAMINATION]


@pytest.fixture(scope="session")
def launch_options() -> LaunchOptions:
    """How this exercise's service is started."""
    return LaunchOptions()


@pytest.fixture(scope="session")
def standard_start(examination: Examination, launch_options: LaunchOptions) -> Iterator[None]:
    """Start the submission once; if that fails every check is blocked."""
    examination.begin(launch_options)
    yield
    examination.end()


@pytest.fixture(autouse=True)
def can_be_tried(standard_start: None, examination: Examination) -> Iterator[None]:
    """Block the check when the service does not start or hangs; end the check when it hangs."""
    with examination.bounded():
        yield


@pytest.fixture
def service(can_be_tried: None, examination: Examination) -> Service:
    """The running submission, shared by the tests; started again if it has ended."""
    return examination.shared_service()


@pytest.fixture
def start(
    can_be_tried: None, examination: Examination, launch_options: LaunchOptions
) -> Iterator[StartService]:
    """Start services of this test's own."""
    starter = StartService(examination.stage, launch_options)
    yield starter
    starter.end()


@pytest.fixture
def draw(request: pytest.FixtureRequest, examination: Examination) -> Draw:
    """Random data, by the run's seed and the test's name."""
    return Draw(examination.seed, request.node.name)


@pytest.fixture(scope="session")
def session_draw(examination: Examination) -> Draw:
    """Random data for fixtures that the tests share."""
    return Draw(examination.seed, "session")
