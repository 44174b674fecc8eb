"""How a test says which criterion it belongs to, and what it finds."""

from typing import Any, Callable, NoReturn, TypeVar

import pytest

from grader.errors import CheckBlocked, CheckFailed

Test = TypeVar("Test", bound=Callable[..., None])


def criterion(name: str) -> Callable[[Test], Test]:
    """Mark a test as a check of the criterion called ``name`` ("AC1", "NOTES")."""
    mark: Any = pytest.mark.criterion(name)

    def apply(test: Test) -> Test:
        marked: Test = mark(test)
        return marked

    return apply


def require(condition: object, message: str) -> None:
    """Fail the check unless ``condition`` is true.

    Args:
        condition: what the ticket asks for.
        message: for the learner: what came back and what the ticket asks, not how to mend it.

    Raises:
        CheckFailed: the condition is not true.
    """
    if not condition:
        raise CheckFailed(message)


def blocked(by: str, message: str) -> NoReturn:
    """End the check as one that cannot be tried because the criterion ``by`` does not hold.

    Raises:
        CheckBlocked: always.
    """
    raise CheckBlocked(message, by=by)
