"""The scorecard as one HTML file: no script, light and dark, for screen and print."""

from html import escape
from typing import Iterator, Sequence, Set

from grader.reports.harmless import harmless
from grader.reports.words import (
    LOOKS_LIKE,
    MARKS,
    NAMES,
    heading,
    name_of,
    surroundings,
    telling_checks,
)
from grader.scorecard import Check, CriterionResult, Exchange, ExerciseResult, Scorecard, Verdict

COLOURS = """
.scorecard { --ink: #1c2024; --paper: #ffffff; --soft: #5b6470; --line: #d8dde3; --wash: #f4f6f8;
  --good: #1a7f37; --bad: #c02717; --held: #8a5a00; }
@media (prefers-color-scheme: dark) { .scorecard { --ink: #e6e9ed; --paper: #14171a;
  --soft: #9aa5b1; --line: #343b43; --wash: #1e2328; --good: #4cc26a;
  --bad: #ff8170; --held: #e3b341; } }
"""
STYLE = (
    COLOURS
    + """
.scorecard { color: var(--ink); background: var(--paper); max-width: 52rem; margin: 0 auto;
  padding: 1rem; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.scorecard h1 { font-size: 1.3rem; margin: .5rem 0; }
.scorecard h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; display: flex; gap: 1rem;
  justify-content: space-between; }
.scorecard ul { list-style: none; margin: 0; padding: 0; }
.scorecard li { border-top: 1px solid var(--line); padding: .5rem 0; }
.scorecard .head { display: flex; gap: .6rem; align-items: baseline; }
.scorecard .head b { flex: 1; font-weight: 500; }
.scorecard .passed { color: var(--good); }
.scorecard .failed, .scorecard .error { color: var(--bad); }
.scorecard .blocked { color: var(--held); }
.scorecard .points, .scorecard footer { color: var(--soft); }
.scorecard .message { margin: .3rem 0 .3rem 1.6rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.scorecard pre { background: var(--wash); padding: .6rem; margin: .3rem 0 .3rem 1.6rem;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; border-radius: 4px; }
.scorecard footer { margin-top: 1rem; }
.scorecard summary { cursor: pointer; margin-left: 1.6rem; color: var(--soft); }
@media print { .scorecard { max-width: none; } .scorecard li { break-inside: avoid; }
  .scorecard details::details-content { content-visibility: visible; block-size: auto; } }
"""
)


def render(scorecard: Scorecard, title: str = "") -> str:
    """The whole page; ``title`` says whose it is."""
    points = f"{scorecard.score} of {scorecard.max_score} points"
    whose = f'<p class="scorecard">{escape(title)}</p>\n' if title else ""
    return document(f"{title}: {points}" if title else points, whose + fragment(scorecard))


def document(title: str, body: str, style: str = "") -> str:
    """A page of its own: no script, nothing loaded, dark where the reader wants it dark."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n"
        f"<style>{COLOURS.replace('.scorecard', ':root')}\n"
        f"body {{ margin: 0; background: var(--paper); }}\n{style}</style>\n"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def fragment(scorecard: Scorecard) -> str:
    """The scorecard as an element for another page: a notebook's output."""
    return "\n".join(_fragment(harmless(scorecard)))


def _fragment(scorecard: Scorecard) -> Iterator[str]:
    yield f'<div class="scorecard"><style>{STYLE}</style>'
    yield f"<h1>{scorecard.score} of {scorecard.max_score} points</h1>"
    for result in scorecard.exercises:
        yield from _exercise(result)
    yield f"<footer>{escape(surroundings(scorecard))}</footer></div>"


def _exercise(result: ExerciseResult) -> Iterator[str]:
    score = f"{result.score}/{result.max_score}"
    yield f"<section><h2><span>{escape(heading(result))}</span><span>{score}</span></h2>"
    if result.problem is not None:
        yield f'<p class="message failed">{escape(result.problem.message)}</p>'
        yield f"<pre>{escape(result.problem.detail)}</pre>"
    if result.looks_like is not None:
        title, why = (
            escape(result.looks_like.title),
            escape(_flowing(result.looks_like.explanation)),
        )
        yield f'<p class="message">{LOOKS_LIKE} <b>{title}</b>\n{why}</p>'
    yield "<ul>"
    told: Set[str] = set()
    for criterion in result.criteria:
        shown = telling_checks(criterion, told)[:3] if result.problem is None else []
        yield from _criterion(criterion, shown)
        told.update(check.message for check in shown)
    yield "</ul>"
    for note in result.notes:
        yield f'<p class="message">{escape(note)}</p>'
    if result.console and not result.passed:
        yield "<details><summary>What the service wrote</summary>"
        yield f"<pre>{escape(result.console)}</pre></details>"
    yield "</section>"


def _flowing(text: str) -> str:
    """Paragraphs whose lines are as long as the page is wide."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _criterion(criterion: CriterionResult, shown: Sequence[Check]) -> Iterator[str]:
    verdict = criterion.verdict
    points = f"{criterion.earned}/{criterion.points}" if criterion.kind == "core" else "badge"
    yield f'<li><div class="head"><span class="{verdict.value}" role="img"'
    yield f'aria-label="{escape(NAMES[verdict])}">{MARKS[verdict]}</span>'
    yield f'<b>{escape(name_of(criterion))}</b><span class="points">{points}</span></div>'
    for check in shown:
        yield from _check(check)
    yield "</li>"


def _check(check: Check) -> Iterator[str]:
    yield f'<p class="message">{escape(check.name)}\n{escape(check.message)}</p>'
    if check.verdict is Verdict.FAILED and check.exchanges:
        yield _exchange(check.exchanges[-1])


def _exchange(exchange: Exchange) -> str:
    status = exchange.status if exchange.status is not None else "no answer"
    text = (
        f"{exchange.method} {exchange.url}\n{exchange.request}\n\n{status}\n{exchange.response}\n\n"
        f"{exchange.curl}"
    )
    summary = "<summary>What was sent, what came back</summary>"
    return f"<details>{summary}<pre>{escape(text)}</pre></details>"
