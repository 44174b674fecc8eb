"""How the tests of ex-5 start the service, and where they find its source."""

from pathlib import Path

import pytest

from grader.acceptance import LaunchOptions
from grader.acceptance.examination import Examination

# The variable holds the very value that the ticket names as the default: whether the variable is
# read at all is AC6's to say, and no other criterion suffers from it.
STANDARD_SECRET = "dev-webhook-secret"


@pytest.fixture(scope="session")
def launch_options() -> LaunchOptions:
    """The standard start: the secret is set."""
    return LaunchOptions(env={"CRM_WEBHOOK_SECRET": STANDARD_SECRET})


@pytest.fixture
def submission(examination: Examination) -> Path:
    """The examiner's own copy of the submission, which no service can write to."""
    return examination.stage.submission
