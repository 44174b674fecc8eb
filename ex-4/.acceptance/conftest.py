"""What the tests of ex-4 need beyond the usual fixtures."""

from dataclasses import replace
from typing import Iterator

import pytest

from grader.acceptance import LaunchOptions, StartService
from grader.acceptance.examination import Examination
from grader.service.spawning import SpawnLauncher


@pytest.fixture
def start_apart(
    can_be_tried: None, examination: Examination, launch_options: LaunchOptions
) -> Iterator[StartService]:
    """Starts services as programs of their own.

    Services that are forked from one parent share the salt of the built-in ``hash``, which two
    servers in production never do.
    """
    launcher = SpawnLauncher()
    starter = StartService(replace(examination.stage, launcher=launcher), launch_options)
    yield starter
    starter.end()
    launcher.close()
