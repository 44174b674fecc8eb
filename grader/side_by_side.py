"""Several gradings at a time, each in a worker process with services of its own."""

from typing import Callable, Dict, Sequence, Tuple, Union

from grader.errors import CannotJudge, GraderError
from grader.pool import Pool
from grader.scorecard import ExerciseResult
from grader.service.imports import preloads
from grader.service.launcher import make_launcher
from grader.workbook import Request

Numbered = Tuple[int, Request]


def grade_side_by_side(
    requests: Sequence[Request], jobs: int, told: Callable[[int], None] = lambda done: None
) -> Tuple[ExerciseResult, ...]:
    """Grade all requests, ``jobs`` at a time; they are begun in their order.

    Args:
        told: hears how many are done, each time that one is.

    Returns:
        The results in the order of the requests.

    Raises:
        GraderError: as ``grading.grade``, the first that is heard of.
    """
    pool: Pool[Numbered, Union[ExerciseResult, GraderError]] = Pool(jobs, GradingWorker)
    results: Dict[int, ExerciseResult] = {}
    for (number, request), answer in pool.run(list(enumerate(requests))):
        if answer is None:
            raise CannotJudge(
                f"The grader's process ended while it graded {request.exercise.id}, twice."
            )
        if isinstance(answer, GraderError):
            raise answer
        results[number] = answer
        told(len(results))
    return tuple(results[number] for number in range(len(requests)))


class GradingWorker:
    """Grades one request after the other, with one launcher (see ``pool.Worker``)."""

    def __init__(self) -> None:
        self._launcher = make_launcher()

    def grade(self, task: Numbered) -> Union[ExerciseResult, GraderError]:
        """The result of a request, or why there is none."""
        request = task[1]
        self._launcher.preload(preloads(request.submission))
        from grader.grading import grade  # the services' parent warms up meanwhile

        try:
            return grade(request, self._launcher)
        except GraderError as error:
            return error

    def close(self) -> None:
        """End the launcher and all that it started."""
        self._launcher.close()
