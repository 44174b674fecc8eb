"""What the hidden acceptance tests are written with.

A test is a function with ``@criterion("AC1")`` and a docstring, whose first line is the check's
name on the scorecard. It takes the fixtures of ``plugin`` and speaks through ``require``.
"""

from grader.acceptance.checks import blocked, criterion, require
from grader.acceptance.draw import Draw
from grader.acceptance.messages import MISSING, Call, Reply, brief
from grader.acceptance.options import LaunchOptions, ServiceDidNotStart
from grader.acceptance.services import Service
from grader.acceptance.starting import FailedStart, StartService

__all__ = [
    "MISSING",
    "Call",
    "Draw",
    "FailedStart",
    "LaunchOptions",
    "Reply",
    "Service",
    "ServiceDidNotStart",
    "StartService",
    "blocked",
    "brief",
    "criterion",
    "require",
]
