"""The overview of a class as text, CSV and JSON."""

import csv
import io
import json
from typing import Any, Dict, Iterator, List, Mapping

from grader.cohort.overview import MOST_COMMON, Failing, Overview, Student
from grader.service.console import clipped

WIDEST_NAME = 28


def line(number: int, count: int, student: Student) -> str:
    """A student's result in one line, while the class is graded."""
    place = f"[{str(number).rjust(len(str(count)))}/{count}]"
    told = "  ".join(f"{name} {_points(result)}" for name, result in student.results.items())
    return f"{place} {_name(student)}  {told or student.problem}"


def text(view: Overview) -> str:
    """The table, and the common mistakes below it."""
    width = max([7, *(len(_name(student)) for student in view.students)])
    lines = ["student".ljust(width) + "".join(f"  {name}" for name in view.exercises) + "  total"]
    for student in view.students:
        cells = [_points(student.results.get(name)).rjust(6) for name in view.exercises]
        total = f"  {student.score:>5}"
        why = f"  {student.problem}" if student.problem else ""
        lines.append(_name(student).ljust(width) + "".join(cells) + total + why)
    count = len(view.students)
    done = sum(1 for student in view.students if view.passed(student))
    lines += ["", f"{done} of {count} pass everything; {view.max_score} points are possible."]
    failing = view.failing()[:MOST_COMMON]
    if failing:
        lines += ["", "What is failed most:", *(f"  {sentence(each)}" for each in failing)]
    return "\n".join([*lines, "", f"seed {view.seed}", ""])


def sentence(failing: Failing) -> str:
    """A criterion that is failed, as a sentence: how many of how many, and how."""
    mistakes = ", ".join(f"{name} ({count})" for name, count in failing.mistakes)
    count = f"{failing.failed} of {failing.handed_in}"
    if not failing.criterion:
        return f"{count} do not start in {failing.exercise}: {mistakes}"
    said = f"{count} fail {failing.exercise} {failing.criterion} ({failing.title})"
    return f"{said}: {mistakes}" if mistakes else said


def table(view: Overview) -> str:
    """The class as CSV (RFC 4180): a row a student, a column a criterion."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_cell(each) for each in _header(view)])
    for student in view.students:
        writer.writerow([_cell(each) for each in _row(view, student)])
    # Excel takes a file without this mark for one in an old encoding.
    return "\ufeff" + buffer.getvalue()


def _header(view: Overview) -> Iterator[str]:
    yield from ("student", "score", "max_score", "passed")
    for exercise in view.exercises:
        yield f"{exercise} score"
        yield from (f"{exercise} {criterion}" for criterion, _ in view.criteria(exercise))
        yield f"{exercise} looks like"
    yield "problem"


def _row(view: Overview, student: Student) -> Iterator[Any]:
    yield from (student.name, student.score, view.max_score)
    yield "yes" if view.passed(student) else "no"
    for exercise in view.exercises:
        result = student.results.get(exercise)
        verdicts = {c["id"]: c["verdict"] for c in result["criteria"]} if result else {}
        yield result["score"] if result else ""
        yield from (verdicts.get(name, "not handed in") for name, _ in view.criteria(exercise))
        yield (result["looks_like"] or {}).get("name", "") if result else ""
    yield student.problem or ""


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (owasp.org, CSV injection)."""
    if isinstance(value, str) and value.lstrip(" \t\r\n'\"").startswith(("=", "+", "-", "@")):
        return "'" + value
    return value


def document(view: Overview) -> str:
    """The class as JSON; the exchanges and the console stand in each student's own document."""
    students = [
        {
            "name": student.name,
            "key": student.key,
            "score": student.score,
            "max_score": view.max_score,
            "passed": view.passed(student),
            "problem": student.problem,
            "exercises": [_brief(student.results[name]) for name in student.results],
        }
        for student in view.students
    ]
    whole = {
        "schema": 1,
        "seed": view.seed,
        "exercises": list(view.exercises),
        "students": students,
        "failing": [
            {**vars(each), "mistakes": [{"name": n, "count": c} for n, c in each.mistakes]}
            for each in view.failing()
        ],
    }
    return json.dumps(whole, indent=1, ensure_ascii=True) + "\n"


def _brief(result: Mapping[str, Any]) -> Dict[str, Any]:
    kept = ("exercise", "score", "max_score", "passed", "problem", "looks_like")
    criteria: List[Dict[str, Any]] = [
        {name: c[name] for name in ("id", "kind", "points", "verdict", "earned")}
        for c in result["criteria"]
    ]
    return {**{name: result[name] for name in kept}, "criteria": criteria}


def _name(student: Student) -> str:
    return clipped(student.name, WIDEST_NAME)


def _points(result: Any) -> str:
    if result is None:
        return "–"
    unjudged = any(c["kind"] == "core" and c["verdict"] == "error" for c in result["criteria"])
    return f"{result['score']}{'!' if unjudged else ''}"
