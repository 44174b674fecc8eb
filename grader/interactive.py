"""What ``import grader`` offers: grading from a notebook or a prompt."""

from typing import TYPE_CHECKING, Optional, Sequence

if TYPE_CHECKING:
    from grader.shown import Shown


def grade(
    exercise: str,
    source: Optional[str] = None,
    only: Optional[Sequence[str]] = None,
    seed: Optional[int] = None,
) -> "Shown":
    """Grade an exercise and return its scorecard, which notebooks show as HTML.

    Args:
        exercise: "ex-1" … "ex-5".
        source: a file or folder to grade in place of the exercise's own folder.
        only: the criteria to try, all if None.
        seed: to repeat a run.

    Raises:
        GraderError: wrong words, or the grader could not judge.
    """
    # Imported here: the package itself must be importable before anything is installed.
    from grader.shown import grade_and_show

    return grade_and_show(exercise, source, only, seed)
