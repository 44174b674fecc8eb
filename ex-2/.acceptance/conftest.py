"""How the service of ex-2 is started: its clock moves only when a test says so."""

import pytest

from grader.acceptance import LaunchOptions


@pytest.fixture(scope="session")
def launch_options() -> LaunchOptions:
    """The options of every start in this exercise."""
    return LaunchOptions(clock="driven")
