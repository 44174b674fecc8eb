"""How a test says which criterion it belongs to, and what it finds."""

from typing import Any, Callable, NoReturn, Optional, TypeVar

import pytest

from grader.acceptance.messages import Reply
from grader.errors import CheckBlocked, CheckFailed

Test = TypeVar("Test", bound=Callable[..., None])


def criterion(name: str) -> Callable[[Test], Test]:
    """Mark a test as a check of the criterion called ``name`` ("AC1", "NOTES")."""
    mark: Any = pytest.mark.criterion(name)

    def apply(test: Test) -> Test:
        marked: Test = mark(test)
        return marked

    return apply


def require(condition: object, message: str, shown_by: Optional[Reply] = None) -> None:
    """Fail the check unless ``condition`` is true.

    Args:
        condition: what the ticket asks for.
        message: for the learner: what came back and what the ticket asks, not how to mend it.
        shown_by: the answer that shows it, where that is not the newest.

    Raises:
        CheckFailed: the condition is not true.
    """
    if not condition:
        raise CheckFailed(message, None if shown_by is None else shown_by.exchange)


def blocked(by: str, message: str) -> NoReturn:
    """End the check as one that cannot be tried because the criterion ``by`` does not hold.

    Raises:
        CheckBlocked: always.
    """
    raise CheckBlocked(message, by=by)
