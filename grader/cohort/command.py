"""``python -m grader cohort DIR``: the command line."""

import argparse
import os
import sys
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from grader.arguments import Parser, new_seed, seed
from grader.cohort import page, tables
from grader.cohort.grading import Task, Worker, lost
from grader.cohort.overview import (
    Overview,
    Student,
    overview,
    page_of,
    record_of,
    shown_name,
    student_of,
)
from grader.cohort.records import Records, write
from grader.cohort.submissions import Submission, digest, find_submissions
from grader.errors import EXIT_CANNOT_JUDGE, EXIT_FAILED, EXIT_PASSED, UsageError
from grader.pool import Pool
from grader.workbook import find_exercises


def main(arguments: Sequence[str]) -> int:
    """Grade a class; returns the exit code."""
    options = _parser().parse_args(arguments)
    folder = Path(options.folder)
    only = [exercise.id for exercise in find_exercises(options.exercises)]
    submissions = find_submissions(folder)
    target = Path(options.output) if options.output else _beside(folder)
    records = Records(target, only)
    chosen = records.seed(options.seed, new_seed())
    view = _graded(submissions, only, chosen, records, options.jobs)
    write(target / "class.csv", tables.table(view))
    write(target / "class.json", tables.document(view))
    write(target / "class.html", page.render(view))
    sys.stdout.write(tables.text(view))
    print(f"In {target}: class.csv, class.json, class.html, and students/.")
    if any(student.unjudged for student in view.students):
        return EXIT_CANNOT_JUDGE
    return EXIT_PASSED if all(map(view.passed, view.students)) else EXIT_FAILED


def _parser() -> Parser:
    parser = Parser(
        prog="python -m grader cohort",
        description="Grade a class: a folder with one folder or zip file a student, each holding "
        "ex-N folders. Stopped and called again, it goes on where it was.",
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="DIR", help="the folder of submissions")
    parser.add_argument(
        "--exercises",
        default="",
        metavar="ex-1,ex-3",
        help="these alone; with one, a lone main.py is enough",
    )
    parser.add_argument("--output", metavar="DIR", help="default: beside DIR, DIR-results")
    parser.add_argument("--jobs", type=_jobs, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--seed", type=seed, metavar="N", help="repeat a run")
    return parser


def _jobs(text: str) -> int:
    if text.isdigit() and 1 <= int(text) <= 256:
        return int(text)
    raise argparse.ArgumentTypeError("how many at a time, 1 to 256")


def _beside(folder: Path) -> Path:
    resolved = folder.resolve()
    if not resolved.name:
        raise UsageError("Say with --output where the results belong.")
    return resolved.with_name(resolved.name + "-results")


def _graded(
    submissions: Sequence[Submission],
    only: Sequence[str],
    chosen: int,
    records: Records,
    jobs: int,
) -> Overview:
    """Grade whom nothing is known of yet, and tell each as it ends."""
    students: Dict[str, Student] = {}
    tasks: List[Tuple[Task, str]] = []
    for submission in submissions:
        stamp = records.stamp(_digest(submission), chosen)
        kept = records.kept(submission, stamp)
        if kept is None:
            tasks.append((Task(submission, tuple(only), chosen), stamp))
        else:
            students[submission.key] = student_of(submission, kept)
    if students:
        _say(f"{len(students)} of {len(submissions)} are graded already, and have not changed.")
    stamps = {task.submission.key: stamp for task, stamp in tasks}
    for task, answer in Pool(jobs, Worker).run([task for task, _ in tasks]):
        graded = answer if answer is not None else lost(task)
        submission = task.submission
        record = record_of(submission, graded, stamps[submission.key])
        records.keep(submission, record, page_of(shown_name(submission), graded.scorecard))
        students[submission.key] = student_of(submission, record)
        done = students[submission.key]
        _say(tables.line(len(students), len(submissions), done))
    return overview(chosen, only, [students[s.key] for s in submissions])


def _digest(submission: Submission) -> str:
    try:
        return digest(submission)
    except OSError:
        return "unreadable"  # graded, to be told so


def _say(line: str) -> None:
    """Progress goes to standard error: standard output belongs to the result."""
    print(line, file=sys.stderr, flush=True)
