"""The overview of a class as one HTML file: no script, light and dark, for screen and print."""

from html import escape
from typing import Iterator

from grader.cohort.overview import MOST_COMMON, Overview, Student
from grader.cohort.tables import sentence
from grader.reports.html import document

STYLE = """
.class { color: var(--ink); background: var(--paper); margin: 0 auto; padding: 1rem;
  font: 16px/1.5 system-ui, sans-serif; }
.class h1 { font-size: 1.3rem; } .class h2 { font-size: 1.1rem; }
.class .wide { overflow-x: auto; }
.class table { border-collapse: collapse; }
.class caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
.class th, .class td { padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  text-align: right; white-space: nowrap; }
.class th:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere;
  min-width: 8rem; }
.class small { display: block; color: var(--soft); font-weight: 400; }
.class a { color: inherit; } .class .full { color: var(--good); font-weight: 600; }
.class .none { color: var(--bad); } .class footer { color: var(--soft); margin-top: 1rem; }
@media print { .class .wide { overflow: visible; } }
"""


def render(view: Overview) -> str:
    """The whole page."""
    return document("Class overview", "\n".join(_body(view)), STYLE)


def _body(view: Overview) -> Iterator[str]:
    done = sum(1 for student in view.students if view.passed(student))
    yield f'<main class="class"><h1>{done} of {len(view.students)} pass everything</h1>'
    failing = view.failing()[:MOST_COMMON]
    if failing:
        yield "<h2>What is failed most</h2><ul>"
        yield from (f"<li>{escape(sentence(each))}</li>" for each in failing)
        yield "</ul>"
    yield f'<div class="wide"><table><caption>Points of {view.max_score}</caption><tr>'
    yield '<th scope="col">Student</th>'
    yield from (f'<th scope="col">{name}</th>' for name in view.exercises)
    yield '<th scope="col">Total</th></tr>'
    for student in view.students:
        yield from _row(view, student)
    yield f"</table></div><footer>seed {view.seed}</footer></main>"


def _row(view: Overview, student: Student) -> Iterator[str]:
    link = f"students/{student.key}.html"
    why = f"<small>{escape(student.problem)}</small>" if student.problem else ""
    yield f'<tr><th scope="row"><a href="{link}">{escape(student.name)}</a>{why}</th>'
    for exercise in view.exercises:
        result = student.results.get(exercise)
        if result is None:
            yield '<td aria-label="not handed in">–</td>'
            continue
        kind = "full" if result["passed"] else "none" if result["score"] == 0 else "some"
        yield f'<td class="{kind}">{int(result["score"])}</td>'
    yield f"<td>{student.score}</td></tr>"
