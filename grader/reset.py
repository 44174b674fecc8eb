"""``reset``: the starter stub again; the learner's file is kept beside it."""

from pathlib import Path

from grader.errors import EnvironmentProblem, WorkbookError
from grader.workbook import Exercise


def stub_of(exercise: Exercise) -> Path:
    """The pristine starter stub, kept with the hidden tests since the learner edits the other."""
    return exercise.acceptance / "stub.py"


def reset(exercise: Exercise) -> str:
    """Put the stub in the place of the learner's ``main.py``.

    Returns:
        One sentence that says where the learner's file is now.

    Raises:
        WorkbookError: the stub is missing.
        EnvironmentProblem: the folder cannot be written.
    """
    main = exercise.folder / "main.py"
    try:
        stub = stub_of(exercise).read_bytes()
    except OSError as error:
        raise WorkbookError(f"{stub_of(exercise)}: the stub cannot be read.") from error
    try:
        if not main.exists():
            main.write_bytes(stub)
            return f"{exercise.id}/main.py is the starter stub again; there was no file to keep."
        if main.read_bytes() == stub:
            return f"{exercise.id}/main.py is the starter stub already."
        kept = _free_name(main)
        main.rename(kept)
        main.write_bytes(stub)
    except OSError as error:
        raise EnvironmentProblem(
            f"{error.filename} cannot be written: {error.strerror}."
        ) from error
    return f"{exercise.id}/main.py is the starter stub again; yours is {exercise.id}/{kept.name}."


def _free_name(main: Path) -> Path:
    number = 1
    while True:
        # Not .py: a kept file is no module and never taken for the application.
        name = main.with_name(f"main.py.kept-{number}")
        if not name.exists():
            return name
        number += 1
