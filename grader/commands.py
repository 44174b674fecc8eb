"""The commands beside grading: each takes its arguments and returns the exit code."""

import functools
import sys
from typing import Callable, Dict, List

from grader.arguments import Parser, new_seed, seed
from grader.errors import EXIT_CANNOT_JUDGE, EXIT_FAILED, EXIT_PASSED


def _watch(arguments: List[str]) -> int:
    from grader.progress import Progress
    from grader.reports.printing import print_text
    from grader.run import running_launcher
    from grader.watch import Watch
    from grader.workbook import EXERCISE_IDS, find_exercise

    parser = Parser(
        prog="python -m grader watch", description="Grade at every save.", allow_abbrev=False
    )
    parser.add_argument(
        "exercise", nargs="?", metavar="EXERCISE", help="none: the first that is not done"
    )
    given = parser.parse_args(arguments).exercise
    exercise = find_exercise(given or Progress().first_open() or EXERCISE_IDS[0])
    with running_launcher() as launcher:
        return Watch(launcher, exercise, functools.partial(print_text, watched=True)).run()


def _hint(arguments: List[str]) -> int:
    from grader.hints import next_hint, wrapped
    from grader.progress import Progress
    from grader.reports.printing import say
    from grader.workbook import find_exercise

    parser = Parser(
        prog="python -m grader hint",
        description="The next hint for a criterion.",
        allow_abbrev=False,
    )
    parser.add_argument("exercise", metavar="EXERCISE", help="ex-1 … ex-5")
    parser.add_argument("criterion", metavar="CRITERION", help="AC1, NOTES …")
    options = parser.parse_args(arguments)
    say(wrapped(next_hint(find_exercise(options.exercise), options.criterion, Progress())))
    return EXIT_PASSED


def _reset(arguments: List[str]) -> int:
    from grader.reset import reset
    from grader.workbook import find_exercise

    parser = Parser(
        prog="python -m grader reset",
        description="The starter stub again; your file is kept beside it.",
        allow_abbrev=False,
    )
    parser.add_argument("exercise", metavar="EXERCISE", help="ex-1 … ex-5")
    print(reset(find_exercise(parser.parse_args(arguments).exercise)))
    return EXIT_PASSED


def _verify(arguments: List[str]) -> int:
    from grader.mistakes import write_fingerprints
    from grader.verification import render, verify
    from grader.workbook import exercises, find_exercise

    parser = Parser(
        prog="python -m grader verify",
        description="The proof: reference and accepted solutions pass, known mistakes fail where "
        "they say, the stub fails everything.",
        allow_abbrev=False,
    )
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="ex-1 … ex-5; none: all")
    parser.add_argument("--seed", type=seed, metavar="N", help="repeat a run")
    parser.add_argument(
        "--write", action="store_true", help="keep the fingerprints of the known mistakes"
    )
    options = parser.parse_args(arguments)
    chosen = [find_exercise(name) for name in options.exercises] or list(exercises())
    chosen_seed = options.seed if options.seed is not None else new_seed()
    as_expected = True
    for exercise in dict.fromkeys(chosen):
        outcome = verify(exercise, chosen_seed)
        sys.stdout.write(render(outcome))
        sys.stdout.flush()
        if options.write:
            # Over several seeds: what varies is no fingerprint.
            outcomes = [
                outcome,
                verify(exercise, chosen_seed + 1),
                verify(exercise, chosen_seed + 2),
            ]
            graded = [(case, result) for each in outcomes for case, result, _ in each.rows]
            write_fingerprints(exercise, graded)
        as_expected = as_expected and outcome.as_expected
    print(f"seed {chosen_seed} · {'all as expected' if as_expected else 'NOT as expected'}")
    return EXIT_PASSED if as_expected else EXIT_FAILED


def _doctor(arguments: List[str]) -> int:
    from grader.doctor import examine, render

    Parser(
        prog="python -m grader doctor",
        description="What works on this machine and what does not.",
        allow_abbrev=False,
    ).parse_args(arguments)
    findings = examine()
    sys.stdout.write(render(findings))
    return EXIT_PASSED if all(finding.fine for finding in findings) else EXIT_CANNOT_JUDGE


def _benchmark(arguments: List[str]) -> int:
    from grader.benchmark import run

    parser = Parser(
        prog="python -m grader benchmark",
        description="How long gradings take, as ratios.",
        allow_abbrev=False,
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default: 5")
    sys.stdout.write(run(max(1, parser.parse_args(arguments).rounds)))
    return EXIT_PASSED


def _notebooks(arguments: List[str]) -> int:
    from grader.notebooks import notebook_of, open_lab, write
    from grader.workbook import exercises, find_exercise

    parser = Parser(
        prog="python -m grader notebooks",
        description="Opens the notebooks in JupyterLab; what follows -- is handed to it.",
        allow_abbrev=False,
    )
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="ex-1 … ex-5")
    parser.add_argument("--write", action="store_true", help="run them, and keep the outputs")
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:split])
    chosen = [find_exercise(name) for name in options.exercises] or list(exercises())
    if not options.write:
        return open_lab(notebook_of(chosen[0]), arguments[split + 1 :])
    for exercise in chosen:
        path = notebook_of(exercise)
        write(path)
        print(f"{path.name}: run and kept, {path.stat().st_size // 1024} kB", flush=True)
    return EXIT_PASSED


def _matrix(arguments: List[str]) -> int:
    from grader.matrix import chosen, columns, run
    from grader.workbook import find_exercises

    parser = Parser(
        prog="python -m grader matrix",
        description="The proof on every Python of this machine, each in a clone with an "
        "environment of its own, with what Linux offers and without.",
        allow_abbrev=False,
    )
    parser.add_argument("pythons", nargs="*", metavar="PYTHON", help="3.8 or a path; none: all")
    parser.add_argument("--exercises", default="", metavar="ex-1,ex-2", help="default: all")
    parser.add_argument("--seed", type=seed, metavar="N", help="repeat a run")
    parser.add_argument("--selftest", action="store_true", help="all of the project's tests, too")
    parser.add_argument("--keep", action="store_true", help="do not delete the clones")
    options = parser.parse_args(arguments)
    exercises = [exercise.id for exercise in find_exercises(options.exercises)]
    chosen_seed = options.seed if options.seed is not None else new_seed()
    runs = columns(exercises, chosen_seed, selftest=options.selftest)
    return EXIT_PASSED if run(chosen(options.pythons), runs, keep=options.keep) else EXIT_FAILED


def _cohort(arguments: List[str]) -> int:
    from grader.cohort.command import main

    return main(arguments)


def _autograde(arguments: List[str]) -> int:
    from grader.autograde import main

    return main(arguments)


def _selftest(arguments: List[str]) -> int:
    from grader.selftest import run

    return run(arguments)


COMMANDS: Dict[str, Callable[[List[str]], int]] = {
    "watch": _watch,
    "hint": _hint,
    "reset": _reset,
    "verify": _verify,
    "doctor": _doctor,
    "cohort": _cohort,
    "autograde": _autograde,
    "notebooks": _notebooks,
    "selftest": _selftest,
    "benchmark": _benchmark,
    "matrix": _matrix,
}
