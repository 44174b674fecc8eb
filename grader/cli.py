"""The command line: arguments in, exit code out."""

import argparse
import contextlib
import difflib
import os
import random
import sys
import textwrap
from pathlib import Path
from typing import Any, Dict, Iterator, List, NoReturn, Optional, Sequence

from grader.errors import (
    EXIT_CANNOT_JUDGE,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_PASSED,
    GraderError,
    UsageError,
)

COMMANDS = ("grade", "watch", "hint", "reset", "verify", "doctor", "selftest")
FORMATS = ("text", "json")


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_did_you_mean(message, self))


def _did_you_mean(message: str, parser: argparse.ArgumentParser) -> str:
    prefix = "unrecognized arguments: "
    if message.startswith(prefix):
        given = message[len(prefix) :].split()[0]
        options = list(parser._option_string_actions)
        near = difflib.get_close_matches(given.split("=")[0], options, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"There is no option {given}.{meant} See python -m grader --help."
    return f"{message[:1].upper()}{message[1:]}. See python -m grader --help."


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
    """Never fail on a character that the console cannot show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _run(arguments: List[str]) -> int:
    command = arguments[0] if arguments and arguments[0] in COMMANDS else "grade"
    if command == "grade":
        rest = arguments[1:] if arguments and arguments[0] == "grade" else arguments
        return _grade(rest)
    handlers = {
        "watch": _watch,
        "hint": _hint,
        "reset": _reset,
        "verify": _verify,
        "doctor": _doctor,
        "selftest": _selftest,
    }
    handler = handlers[command]
    return handler(arguments[1:])


def _grade_parser() -> _Parser:
    parser = _Parser(
        prog="python -m grader",
        description="Grade your work against its ticket.",
        epilog="Other commands: watch, hint, reset, verify, doctor, selftest (each with --help). "
        "Exit codes: 0 passed, 1 not yet, 2 wrong usage, 3 could not judge, 130 interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="ex-1 … ex-5; none: all")
    parser.add_argument("--from", dest="source", metavar="PATH", help="grade this file or folder")
    parser.add_argument("--only", metavar="AC2,AC6", help="these criteria alone")
    parser.add_argument("--seed", type=_seed, metavar="N", help="repeat a run")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    return parser


def _seed(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError("the seed lies between 0 and 4294967295")
    return value


def _grade(arguments: List[str]) -> int:
    from grader.workbook import exercises, find_exercise

    options = _grade_parser().parse_args(arguments)
    chosen = [find_exercise(name) for name in options.exercises] or list(exercises())
    chosen = list(dict.fromkeys(chosen))
    if options.source is not None and len(chosen) != 1:
        raise UsageError("--from needs one exercise: python -m grader ex-1 --from PATH")
    if options.only is not None and len(chosen) != 1:
        raise UsageError("--only needs one exercise: python -m grader ex-1 --only AC2")
    source = check_source(Path(options.source)) if options.source is not None else None
    only = options.only.split(",") if options.only is not None else None
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    output = _open_output(options.output)
    scorecard = _graded(chosen, source, only, seed, options)
    _print(scorecard, options.format, output)
    if scorecard.unjudged:
        return EXIT_CANNOT_JUDGE
    return EXIT_PASSED if scorecard.passed else EXIT_FAILED


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
    from grader.service.console import cut, neutralise

    return neutralise(cut(str(path), 200)).replace("\n", "\\n")


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
) -> Any:
    from grader.run import environment_of, running_launcher
    from grader.scorecard import Scorecard
    from grader.service.imports import preloads

    results = []
    with running_launcher() as launcher:
        # The services' parent warms up while this process imports what grading needs.
        for exercise in chosen:
            launcher.preload(preloads(source or exercise.folder))
        from grader.grading import Request, grade
        from grader.mistakes import with_known_mistake
        from grader.progress import Progress

        with _live(options) as live:
            for exercise in chosen:
                request = Request(exercise, source or exercise.folder, seed, only)
                live.begin(exercise.id)
                result = grade(request, launcher, live.note)
                results.append(with_known_mistake(exercise, result))
    if source is None and only is None:
        Progress().note_results(results)
    return Scorecard(seed, environment_of(results), tuple(results))


@contextlib.contextmanager
def _live(options: argparse.Namespace) -> Iterator[Any]:
    from grader.reports.progress import LiveProgress, NoProgress

    # On standard error, so that standard output holds the report and nothing else.
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with LiveProgress() as progress:
            yield progress
    else:
        yield NoProgress()


def _print(scorecard: Any, name: str, output: Optional[Path]) -> None:
    from grader.reports import json, text

    documents: Dict[str, Any] = {"json": json.render, "text": text.render}
    if output is not None:
        output.write_text(documents[name](scorecard), encoding="utf-8")
        if not sys.stdout.isatty():
            return
        name = "text"
    if name == "text":
        _print_text(scorecard)
    else:
        sys.stdout.write(documents[name](scorecard))
        sys.stdout.flush()


def _print_text(scorecard: Any) -> None:
    import shutil

    from grader.reports import text

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    shown = text.render(scorecard, colour=colour, width=shutil.get_terminal_size().columns)
    try:
        shown.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        shown = text.as_ascii(shown)
    sys.stdout.write(shown)
    sys.stdout.flush()


def _watch(arguments: List[str]) -> int:
    from grader.run import running_launcher
    from grader.watch import Watch
    from grader.workbook import find_exercise

    parser = _Parser(
        prog="python -m grader watch", description="Grade at every save.", allow_abbrev=False
    )
    parser.add_argument("exercise", nargs="?", default="ex-1", metavar="EXERCISE")
    exercise = find_exercise(parser.parse_args(arguments).exercise)
    with running_launcher() as launcher:
        return Watch(launcher, exercise, _print_text).run()


def _hint(arguments: List[str]) -> int:
    from grader.hints import next_hint
    from grader.progress import Progress
    from grader.workbook import find_exercise

    parser = _Parser(
        prog="python -m grader hint",
        description="The next hint for a criterion.",
        allow_abbrev=False,
    )
    parser.add_argument("exercise", metavar="EXERCISE", help="ex-1 … ex-5")
    parser.add_argument("criterion", metavar="CRITERION", help="AC1, NOTES …")
    options = parser.parse_args(arguments)
    _print_lines(next_hint(find_exercise(options.exercise), options.criterion, Progress()))
    return EXIT_PASSED


def _reset(arguments: List[str]) -> int:
    from grader.reset import reset
    from grader.workbook import find_exercise

    parser = _Parser(
        prog="python -m grader reset",
        description="The starter stub again; your file is kept beside it.",
        allow_abbrev=False,
    )
    parser.add_argument("exercise", metavar="EXERCISE", help="ex-1 … ex-5")
    print(reset(find_exercise(parser.parse_args(arguments).exercise)))
    return EXIT_PASSED


def _print_lines(text: str) -> None:
    """Print paragraphs, wrapped for reading."""
    for line in text.splitlines():
        print(textwrap.fill(line, 80, break_on_hyphens=False, break_long_words=False))


def _verify(arguments: List[str]) -> int:
    from grader.mistakes import write_fingerprints
    from grader.verification import render, verify
    from grader.workbook import exercises, find_exercise

    parser = _Parser(
        prog="python -m grader verify",
        description="The proof: reference and accepted solutions pass, known mistakes fail where "
        "they say, the stub fails everything.",
        allow_abbrev=False,
    )
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="ex-1 … ex-5; none: all")
    parser.add_argument("--seed", type=_seed, metavar="N", help="repeat a run")
    parser.add_argument(
        "--write", action="store_true", help="keep the fingerprints of the known mistakes"
    )
    options = parser.parse_args(arguments)
    chosen = [find_exercise(name) for name in options.exercises] or list(exercises())
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    as_expected = True
    for exercise in dict.fromkeys(chosen):
        outcome = verify(exercise, seed)
        sys.stdout.write(render(outcome))
        sys.stdout.flush()
        if options.write:
            # Over several seeds: what varies is no fingerprint.
            outcomes = [outcome, verify(exercise, seed + 1), verify(exercise, seed + 2)]
            graded = [(case, result) for each in outcomes for case, result, _ in each.rows]
            write_fingerprints(exercise, graded)
        as_expected = as_expected and outcome.as_expected
    print(f"seed {seed} · {'all as expected' if as_expected else 'NOT as expected'}")
    return EXIT_PASSED if as_expected else EXIT_FAILED


def _doctor(arguments: List[str]) -> int:
    from grader.doctor import examine, render

    _Parser(
        prog="python -m grader doctor",
        description="What works on this machine and what does not.",
        allow_abbrev=False,
    ).parse_args(arguments)
    findings = examine()
    sys.stdout.write(render(findings))
    return EXIT_PASSED if all(finding.fine for finding in findings) else EXIT_CANNOT_JUDGE


def _selftest(arguments: List[str]) -> int:
    from grader.selftest import run

    return run(arguments)
