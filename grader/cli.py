"""The command line: arguments in, exit code out."""

import argparse
import codecs
import contextlib
import difflib
import functools
import os
import sys
from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence, Tuple

from grader.arguments import Parser, new_seed, seed
from grader.commands import COMMANDS
from grader.errors import (
    EXIT_CANNOT_JUDGE,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_PASSED,
    GraderError,
    UsageError,
)
from grader.reports import FORMATS, renderer
from grader.scorecard import Scorecard

# The two longest tickets take longer than all others together: a fourth process would only wait.
MOST_AT_A_TIME = 3


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit code: 0 all core criteria passed, 1 some did not, 2 wrong usage, 3 the grader
        could not judge, 130 interrupted.
    """
    _make_output_safe()
    try:
        return _run(list(arguments))
    except GraderError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); there is nobody to tell.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def _make_output_safe() -> None:
    """Never fail on a character that the console cannot show, nor make two marks one."""
    codecs.register_error("marks", _marks_in_ascii)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="marks")


def _marks_in_ascii(error: UnicodeError) -> Tuple[str, int]:
    from grader.reports.text import as_ascii

    assert isinstance(error, UnicodeEncodeError)  # an output only encodes
    return as_ascii(error.object[error.start : error.end]), error.end


def _run(arguments: List[str]) -> int:
    # The other commands' module is light: what each needs it imports itself.
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is not None:
        return command(arguments[1:])
    return _grade(arguments[1:] if arguments[:1] == ["grade"] else arguments)


def _grade_parser() -> Parser:
    parser = Parser(
        prog="python -m grader",
        description="Grade your work against its ticket.",
        epilog="Other commands: watch, hint, reset, notebooks, verify, cohort, autograde, doctor, "
        "selftest (each with --help). "
        "Exit codes: 0 passed, 1 not yet, 2 wrong usage, 3 could not judge, 130 interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="ex-1 … ex-5; none: all")
    parser.add_argument("--from", dest="source", metavar="PATH", help="grade this file or folder")
    parser.add_argument("--only", metavar="AC2,AC6", help="these criteria alone")
    parser.add_argument("--seed", type=seed, metavar="N", help="repeat a run")
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    return parser


def _grade(arguments: List[str]) -> int:
    from grader.workbook import exercises

    options = _grade_parser().parse_args(arguments)
    chosen = [_exercise(name) for name in options.exercises] or list(exercises())
    chosen = list(dict.fromkeys(chosen))
    if options.source is not None and len(chosen) != 1:
        raise UsageError("--from needs one exercise: python -m grader ex-1 --from PATH")
    if options.only is not None and len(chosen) != 1:
        raise UsageError("--only needs one exercise: python -m grader ex-1 --only AC2")
    source = check_source(Path(options.source)) if options.source is not None else None
    only = options.only.split(",") if options.only is not None else None
    chosen_seed = options.seed if options.seed is not None else new_seed()
    output = _open_output(options.output)
    scorecard = _graded(chosen, source, only, chosen_seed, options)
    _print(scorecard, options.format, output, _standing(scorecard, source, only))
    if scorecard.unjudged:
        return EXIT_CANNOT_JUDGE
    return EXIT_PASSED if scorecard.passed else EXIT_FAILED


def _exercise(name: str) -> Any:
    """The exercise of this name; who mistyped a command is told the command.

    Raises:
        UsageError: there is none.
    """
    from grader.workbook import find_exercise

    try:
        return find_exercise(name)
    except UsageError:
        near = difflib.get_close_matches(name.lower(), list(COMMANDS), n=1)
        if not near:
            raise
        meant = f"There is no command {name!r}. Did you mean python -m grader {near[0]}?"
        raise UsageError(meant) from None


def _standing(scorecard: Scorecard, source: Optional[Path], only: Optional[Sequence[str]]) -> str:
    """All tickets in a line, where the learner's own work on one of them was graded."""
    from grader.progress import Progress

    whole = source is None and only is None
    if whole:
        Progress().note_results(scorecard.exercises)
    return Progress().standing() if whole and len(scorecard.exercises) == 1 else ""


def check_source(path: Path) -> Path:
    """A path that may be graded.

    Raises:
        UsageError: it is not there, cannot be read, or is no Python file nor a folder with one.
    """
    try:
        if not path.exists():
            raise UsageError(f"There is no file or folder {_shown(path)}.")
        if path.is_dir():
            if not any(path.iterdir()):
                raise UsageError(f"The folder {_shown(path)} is empty; main.py belongs there.")
            return path
        if not path.is_file():
            raise UsageError(f"{_shown(path)} is neither a regular file nor a folder.")
        if path.suffix != ".py":
            raise UsageError(f"{_shown(path)} is not a Python file (its name does not end in .py).")
        with path.open("rb"):
            return path
    except OSError as error:
        raise UsageError(f"{_shown(path)} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # a NUL in the path
        raise UsageError(f"{_shown(path)} is not a path.") from error


def _shown(path: Path) -> str:
    from grader.service.console import one_line

    return one_line(str(path), 200)


def _open_output(name: Optional[str]) -> Optional[Path]:
    """See before the grading that the report can be written."""
    if name is None:
        return None
    path = Path(name)
    try:
        with path.open("a"):
            return path
    except OSError as error:
        raise UsageError(f"The report cannot be written to {name}: {error.strerror}.") from error


def _graded(
    chosen: Sequence[Any],
    source: Optional[Path],
    only: Optional[Sequence[str]],
    seed: int,
    options: argparse.Namespace,
) -> Scorecard:
    from grader.workbook import Request

    requests = [Request(each, source or each.folder, seed, only) for each in chosen]
    jobs = min(len(requests), os.cpu_count() or 1, MOST_AT_A_TIME)
    graded = _side_by_side(requests, jobs, options) if jobs > 1 else _in_turn(requests, options)
    from grader.mistakes import with_known_mistake
    from grader.run import environment_of

    results = [with_known_mistake(each, result) for each, result in zip(chosen, graded)]
    return Scorecard(seed, environment_of(results), tuple(results))


def _in_turn(requests: Sequence[Any], options: argparse.Namespace) -> List[Any]:
    from grader.run import running_launcher
    from grader.service.imports import preloads

    results = []
    with running_launcher() as launcher:
        # The services' parent warms up while this process imports what grading needs.
        for request in requests:
            launcher.preload(preloads(request.submission))
        # These are for later, but later nobody waits for other processes.
        import grader.mistakes

        if options.format == "text":
            import grader.reports.printing  # noqa: F401
        from grader.grading import grade

        with _live(options) as live:
            for request in requests:
                live.begin(request.exercise.id)
                results.append(grade(request, launcher, live.note))
    return results


def _side_by_side(requests: Sequence[Any], jobs: int, options: argparse.Namespace) -> Sequence[Any]:
    from grader.side_by_side import grade_side_by_side

    # Later tickets take longer; what takes longest is begun first.
    with _live(options) as live:
        tell = functools.partial(live.done, of=len(requests))
        tell(0)
        backwards = grade_side_by_side(requests[::-1], jobs, tell)
    return backwards[::-1]


@contextlib.contextmanager
def _live(options: argparse.Namespace) -> Iterator[Any]:
    from grader.reports.progress import LiveProgress, NoProgress

    # On standard error, so that standard output holds the report and nothing else.
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with LiveProgress() as progress:
            yield progress
    else:
        yield NoProgress()


def _print(scorecard: Scorecard, name: str, output: Optional[Path], standing: str) -> None:
    from grader.reports.printing import print_text

    if output is not None:
        output.write_text(renderer(name)(scorecard), encoding="utf-8")
        if not sys.stdout.isatty():
            return
        name = "text"
    if name == "text":
        print_text(scorecard, standing)
    else:
        sys.stdout.write(renderer(name)(scorecard))
        sys.stdout.flush()
