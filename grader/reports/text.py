"""The scorecard for people: readable without colour, in 80 columns, and when piped."""

import io
import re
import textwrap
from typing import Iterator, List, Optional, Tuple

from rich.console import Console
from rich.text import Text

from grader.scorecard import Check, CriterionResult, Exchange, ExerciseResult, Scorecard, Verdict

MARKS = {
    Verdict.PASSED: ("✓", "green"),
    Verdict.FAILED: ("✗", "red"),
    Verdict.BLOCKED: ("–", "yellow"),
    Verdict.ERROR: ("!", "magenta"),
}
ASCII_MARKS = {"✓": "+", "✗": "x", "–": "-", "★": "*", "·": "-", "…": "...", "│": "|"}
CONSOLE_LINES = 12
MOST_CHECKS_SHOWN = 2
WIDTH = 80

Line = Tuple[str, str]

# What uvicorn writes at each start: true, and of no help.
_STARTED = re.compile(
    r"INFO: +(Started server process|Waiting for application startup|Application startup complete)"
)


def render(scorecard: Scorecard, *, colour: bool = False, width: int = WIDTH) -> str:
    """The scorecard as text.

    Args:
        scorecard: the result.
        colour: whether to add colours as terminals know them.
        width: of the terminal, in columns.
    """
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        # In a notebook rich would show each line there, and leave the buffer empty.
        force_jupyter=False,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        width=max(40, min(width, 100)),
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for text, style in _lines(scorecard, console.width):
        # Text, not a string: nothing of a submission is read as markup.
        console.print(Text(text, style=style), soft_wrap=True)
    return buffer.getvalue()


def as_ascii(text: str) -> str:
    """The same for a console that cannot show the marks."""
    for mark, plain in ASCII_MARKS.items():
        text = text.replace(mark, plain)
    return text.encode("ascii", "replace").decode()


def _lines(scorecard: Scorecard, width: int) -> Iterator[Line]:
    many = len(scorecard.exercises) > 1
    for result in scorecard.exercises:
        yield from _exercise(result, width, brief=many)
    if many:
        yield from _summary(scorecard)
    else:
        yield from _next_step(scorecard.exercises[0], scorecard, width)
    yield "", ""
    yield _environment(scorecard), "dim"


def _environment(scorecard: Scorecard) -> str:
    env = scorecard.environment
    parts = [f"seed {scorecard.seed}", f"Python {env.get('python')}"]
    parts += [f"{name} {env[name]}" for name in ("fastapi", "postgresql") if env.get(name)]
    walls = env.get("sandbox") or []
    parts.append("sandbox: " + (", ".join(walls) if walls else "none"))
    return "\n".join(textwrap.wrap(" · ".join(parts), WIDTH))


def _exercise(result: ExerciseResult, width: int, *, brief: bool) -> Iterator[Line]:
    score = f"{result.score}/{result.max_score}"
    title = f"{result.exercise} · {result.ticket} · {result.title}"
    yield f"{title}{score.rjust(max(1, width - len(title)))}", "bold"
    if result.problem is not None:
        yield from _problem(result, width)
    if not brief or not result.passed:
        first = next_criterion(result)
        for criterion in result.criteria:
            yield from _criterion(criterion, width)
            if not brief and result.problem is None and criterion.verdict is not Verdict.PASSED:
                yield from _checks(criterion, width, full=criterion is first)
    if result.looks_like is not None and not brief:
        yield from _looks_like(result, width)
    for note in result.notes:
        yield from _wrapped("Note: " + note, "  ", width, "yellow")
    if not brief:
        yield from _console(result)


def _problem(result: ExerciseResult, width: int) -> Iterator[Line]:
    assert result.problem is not None  # the caller looked
    yield from _wrapped("It could not be started: " + result.problem.message, "  ", width, "red")
    for line in result.problem.detail.strip().splitlines()[-25:]:
        yield "    " + line, ""
    yield "", ""


def next_criterion(result: ExerciseResult) -> Optional[CriterionResult]:
    """The criterion to work on next: the first of the core that does not hold, then a badge."""
    failing = [c for c in (*result.core, *result.stretch) if c.verdict is not Verdict.PASSED]
    return failing[0] if failing else None


def _criterion(criterion: CriterionResult, width: int) -> Iterator[Line]:
    mark, style = MARKS[criterion.verdict]
    stretch = criterion.kind == "stretch"
    points = "" if stretch else f"{criterion.earned}/{criterion.points}"
    name = ("★ " if stretch else "") + criterion.id
    head = f"  {mark} {name.ljust(6)} {criterion.title}"
    if len(head) + len(points) + 1 > width:
        head = head[: width - len(points) - 3] + "…"
    dim = stretch and criterion.verdict is not Verdict.PASSED
    yield (head + points.rjust(width - len(head))).rstrip(), "dim" if dim else style


def _checks(criterion: CriterionResult, width: int, *, full: bool) -> Iterator[Line]:
    """What went wrong: at length for the criterion to work on, in a sentence for the others."""
    if criterion.kind == "stretch" and not full:
        return
    shown = [check for check in criterion.checks if check.verdict is criterion.verdict]
    most = MOST_CHECKS_SHOWN if full else 1
    for check in shown[:most]:
        yield from _check(check, width, full=full and check is shown[0])
    more = len(shown) - most
    if more > 0 and full:
        yield (
            f"      … and {more} more {'checks' if more > 1 else 'check'} of {criterion.id}.",
            "dim",
        )
    if full:
        yield "", ""


def _check(check: Check, width: int, *, full: bool) -> Iterator[Line]:
    if full:
        yield from _wrapped(check.name, "      ", width, "bold")
    yield from _wrapped(check.message, "      ", width, "")
    if full and check.verdict is Verdict.FAILED and check.exchanges:
        yield from _exchange(check.exchanges[-1], width)
        yield "", ""


def _exchange(exchange: Exchange, width: int) -> Iterator[Line]:
    yield f"      sent      {exchange.method} {exchange.url}", "dim"
    for line in _body(exchange.request, width - 16):
        yield "                " + line, "dim"
    status = str(exchange.status) if exchange.status is not None else "no answer"
    yield f"      got       {status}", "dim"
    for line in _body(exchange.response, width - 16):
        yield "                " + line, "dim"
    yield f"      try it    {exchange.curl}", "dim"


def _body(text: str, width: int, most: int = 8) -> List[str]:
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, width) or [""]]
    return lines if len(lines) <= most else [*lines[:most], "…"]


def _looks_like(result: ExerciseResult, width: int) -> Iterator[Line]:
    mistake = result.looks_like
    assert mistake is not None  # the caller looked
    yield from _wrapped(f"This looks like a known mistake: {mistake.title}", "  ", width, "yellow")
    for paragraph in mistake.explanation.split("\n\n"):
        yield from _wrapped(" ".join(paragraph.split()), "    ", width, "")
    yield "", ""


def _console(result: ExerciseResult) -> Iterator[Line]:
    lines = [line for line in result.console.splitlines() if not _STARTED.match(line)]
    lines = "\n".join(lines).strip().splitlines()
    if not lines or result.passed or result.problem is not None:
        return
    yield "  What the service wrote:", "dim"
    for line in lines[-CONSOLE_LINES:]:
        yield "    " + line, "dim"


def _next_step(result: ExerciseResult, scorecard: Scorecard, width: int) -> Iterator[Line]:
    yield "", ""
    first = next_criterion(result)
    if result.unjudged:
        text = "The grader itself could not judge all of this; the fault is not yours."
    elif result.problem is not None:
        text = f"Next: make it start. Then run: python -m grader {result.exercise}"
    elif first is not None and not result.passed:
        text = (
            f"Next: {first.id}. Read its lines in {result.exercise}/README.md, change the code, "
            f"run: python -m grader {result.exercise} --only {first.id}. "
            f"Stuck? python -m grader hint {result.exercise} {first.id}"
        )
    else:
        text = _passed_text(result)
    yield from _wrapped(text, "", width, "bold")


def _passed_text(result: ExerciseResult) -> str:
    open_badges = [c.id for c in result.stretch if c.verdict is not Verdict.PASSED]
    text = f"{result.ticket} is done."
    if open_badges:
        text += f" Past the ticket: ★ {', ★ '.join(open_badges)}."
    number = int(result.exercise[-1])
    if number < 5:
        text += f" Next ticket: ex-{number + 1}/README.md"
    return text


def _summary(scorecard: Scorecard) -> Iterator[Line]:
    yield "", ""
    done = sum(1 for result in scorecard.exercises if result.passed)
    total = f"{scorecard.score}/{scorecard.max_score} points"
    yield f"{done} of {len(scorecard.exercises)} tickets done · {total}", "bold"
    for result in scorecard.exercises:
        if not result.passed:
            yield f"Next: python -m grader {result.exercise}", "bold"
            return


def _wrapped(text: str, indent: str, width: int, style: str) -> Iterator[Line]:
    for line in text.splitlines():
        for part in textwrap.wrap(line, width - len(indent), break_on_hyphens=False) or [""]:
            yield indent + part, style
