"""What became of something that was asked of a service while its time stood still."""

import contextvars
import threading
from typing import Callable, Generic, Optional, TypeVar

from grader.clock.connections import in_flight
from grader.clock.settled import Slowness, watch_new_threads

Result = TypeVar("Result")


class Outcome(Generic[Result]):
    """Asks in a thread of its own; the answer may need more of the service's time."""

    def __init__(self, ask: Callable[[], Result], port: Optional[int], slow: Slowness) -> None:
        """Ask; `port` is the service's, if what is asked goes there."""
        self.blocked = False
        self._port = port
        self._done = threading.Event()
        self._result: Optional[Result] = None
        self._error: Optional[BaseException] = None
        self._askers_at_rest = watch_new_threads(slow)
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._run, ask), daemon=True).start()

    def _run(self, ask: Callable[[], Result]) -> None:
        try:
            self._result = ask()
        except BaseException as error:  # handed on by result()
            self._error = error
        self._done.set()

    def answered(self, seconds: float = 0.0) -> bool:
        """Whether there is an answer, or comes one within these real seconds."""
        return self._done.wait(seconds)

    def under_way(self) -> bool:
        """Whether a question or an answer is still on its way, on our side of the service.

        On a busy machine the threads that ask may get the processor long after the service has come
        to rest, which therefore says nothing yet.
        """
        if not self._askers_at_rest():
            return True
        return self._port is not None and in_flight(self._port)

    def result(self) -> Result:
        """The answer.

        Raises:
            Whatever the asking raised; RuntimeError when there is no answer yet.
        """
        if not self.answered():
            raise RuntimeError("there is no answer yet")
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # what `ask` gave, which may be None
