"""What can go wrong, drawn as a tree.

GraderError                    the run ends; the message is one sentence a person can act on
├── UsageError                 wrong words on the command line, or a path that is none (exit 2)
└── CannotJudge                the grader could not do its work (exit 3)
    ├── WorkbookError          a README or a hidden test breaks the workbook's own rules
    ├── EnvironmentProblem     Python, packages or the machine lack something
    └── DatabaseUnavailable    no PostgreSQL is to be had

CheckOutcome                   one acceptance check ends; the run goes on
├── CheckFailed                the submission does not do what the ticket asks
└── CheckBlocked               the check cannot be tried, and by what

The two families never mix: a learner's failure is never a ``GraderError``, and a fault of the
grader is never a ``CheckFailed``.
"""

from typing import Optional

EXIT_PASSED = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CANNOT_JUDGE = 3
EXIT_INTERRUPTED = 130


class GraderError(Exception):
    """The run cannot go on; ``str(error)`` is one sentence that says what to do."""

    exit_code = EXIT_CANNOT_JUDGE


class UsageError(GraderError):
    """The person asked for something that is not there."""

    exit_code = EXIT_USAGE


class CannotJudge(GraderError):
    """The grader could not do its work; nothing is said about the submission."""


class WorkbookError(CannotJudge):
    """A file of the workbook breaks the workbook's own rules."""


class EnvironmentProblem(CannotJudge):
    """The machine lacks something that grading needs."""


class DatabaseUnavailable(CannotJudge):
    """No PostgreSQL is to be had."""


class CheckOutcome(Exception):
    """How one acceptance check ended, when it did not pass."""


class CheckFailed(CheckOutcome):
    """The submission does not do what the ticket asks.

    ``exchange`` is what the recorder keeps of the exchange that shows it; None where that is the
    newest one.
    """

    def __init__(self, message: str, exchange: object = None) -> None:
        super().__init__(message)
        self.exchange = exchange


class CheckBlocked(CheckOutcome):
    """The check cannot be tried.

    ``by`` is the id of the criterion that stands in the way, or None where the service itself
    does (it did not start, or no longer answers).
    """

    def __init__(self, message: str, by: Optional[str] = None) -> None:
        super().__init__(message)
        self.by = by
