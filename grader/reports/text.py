"""The scorecard for people: readable without colour, in 80 columns, and when piped."""

import io
import itertools
import re
import textwrap
from typing import AbstractSet, Iterator, List, Sequence, Tuple

from rich.console import Console
from rich.text import Text

from grader.reports.advice import advice, next_criterion
from grader.reports.harmless import harmless
from grader.reports.words import LOOKS_LIKE, MARKS, command, open_checks, telling_checks
from grader.scorecard import Check, CriterionResult, Exchange, ExerciseResult, Scorecard, Verdict

STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.BLOCKED: "yellow",
    Verdict.ERROR: "magenta",
}
ASCII_MARKS = {
    **{"✓": "+", "✗": "x", "–": "-", "★": "*", "·": "-", "…": "...", "│": "|"},
    **{"“": '"', "”": '"', "’": "'", "→": "->"},
}
CONSOLE_LINES = 12
MOST_CHECKS_SHOWN = 2
WIDTH = 80

Line = Tuple[str, str]

# What uvicorn writes at each start: true, and of no help.
_STARTED = re.compile(
    r"INFO: +(Started server process|Waiting for application startup|Application startup complete)"
)


def render(
    scorecard: Scorecard,
    *,
    colour: bool = False,
    width: int = WIDTH,
    standing: str = "",
    watched: bool = False,
) -> str:
    """The scorecard as text.

    Args:
        scorecard: the result.
        colour: whether to add colours as terminals know them.
        width: of the terminal, in columns.
        standing: a line on all tickets, to stand at the end.
        watched: whether a save grades anew, and a key gives the hint.
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
    blank = False
    for text, style in _lines(harmless(scorecard), console.width, standing, watched):
        if blank and not text:
            continue  # parts that follow each other need one line between them
        blank = not text
        # Text, not a string: nothing of a submission is read as markup.
        console.print(Text(text, style=style), soft_wrap=True)
    return buffer.getvalue()


def as_ascii(text: str) -> str:
    """The same for a console that cannot show the marks."""
    for mark, plain in ASCII_MARKS.items():
        text = text.replace(mark, plain)
    return text.encode("ascii", "replace").decode()


def _lines(scorecard: Scorecard, width: int, standing: str, watched: bool) -> Iterator[Line]:
    many = len(scorecard.exercises) > 1
    for result in scorecard.exercises:
        yield from _exercise(result, width, brief=many)
    if many:
        yield from _summary(scorecard)
    else:
        yield "", ""
        for line in advice(scorecard.exercises[0], watched=watched):
            yield from _wrapped(line, "", width, "bold")
    yield "", ""
    if standing:
        yield from _wrapped(standing, "", width, "")
    yield from _wrapped(_environment(scorecard), "", width, "dim")


def _environment(scorecard: Scorecard) -> str:
    env = scorecard.environment
    parts = [f"seed {scorecard.seed}", f"Python {env.get('python')}"]
    parts += [f"{name} {env[name]}" for name in ("fastapi", "postgresql") if env.get(name)]
    walls = env.get("sandbox") or []
    parts.append("sandbox: " + (", ".join(walls) if walls else "none"))
    return " · ".join(parts)


def _exercise(result: ExerciseResult, width: int, *, brief: bool) -> Iterator[Line]:
    score = f"{result.score}/{result.max_score}"
    title = f"{result.exercise} · {result.ticket} · {result.title}"
    yield f"{title}{score.rjust(max(1, width - len(title)))}", "bold"
    if result.problem is not None:
        yield from _problem(result, width)
    if brief:
        if not result.passed:
            yield from _overview(result, width, frozenset())
        return
    first = next_criterion(result)
    shown = telling_checks(first)[:MOST_CHECKS_SHOWN] if first and result.problem is None else []
    yield from _overview(result, width, frozenset(check.message for check in shown))
    if first is not None and shown:
        yield from _closer(first, shown, result.exercise, width)
    if result.looks_like is not None:
        yield from _looks_like(result, width)
    for note in result.notes:
        yield from _wrapped("Note: " + note, "  ", width, "yellow")
    if first is not None and result.problem is None:
        yield from _console(_console_to_show(result, first, shown))


def _problem(result: ExerciseResult, width: int) -> Iterator[Line]:
    assert result.problem is not None  # the caller looked
    yield from _wrapped("It could not be started: " + result.problem.message, "  ", width, "red")
    for line in result.problem.detail.strip().splitlines()[-25:]:
        yield "    " + line, ""
    yield "", ""


def _name(criterion: CriterionResult) -> str:
    return ("★ " if criterion.kind == "stretch" else "") + criterion.id


def _overview(result: ExerciseResult, width: int, told: AbstractSet[str]) -> Iterator[Line]:
    """Every criterion in a line, with a sentence for what does not hold and is not told below."""
    column = max((len(_name(criterion)) for criterion in result.criteria), default=0)
    first = next_criterion(result)
    for criterion in result.criteria:
        yield _criterion(criterion, width, column)
        if told and criterion.kind == "core" and criterion is not first:
            messages = [check.message for check in open_checks(criterion)]
            # What stands in the way everywhere is told once.
            if messages and messages[0] not in told:
                yield from _wrapped(messages[0], "      ", width, "")


def _criterion(criterion: CriterionResult, width: int, column: int) -> Line:
    mark, style = MARKS[criterion.verdict], STYLES[criterion.verdict]
    stretch = criterion.kind == "stretch"
    points = "" if stretch else f"{criterion.earned}/{criterion.points}"
    head = f"  {mark} {_name(criterion).ljust(column)}  {criterion.title}"
    if len(head) + len(points) + 1 > width:
        head = head[: width - len(points) - 3] + "…"
    dim = stretch and criterion.verdict is not Verdict.PASSED
    return (head + points.rjust(width - len(head))).rstrip(), "dim" if dim else style


def _closer(
    criterion: CriterionResult, shown: Sequence[Check], exercise: str, width: int
) -> Iterator[Line]:
    """The criterion to work on, at length."""
    yield "", ""
    yield f"{_name(criterion)} · {criterion.title}"[:width], "bold"
    for check in shown:
        full = check is shown[0]
        yield from _check(check, exercise, width, full=full)
    more = len(open_checks(criterion)) - len(shown)
    if more > 0:
        what = "checks do" if more > 1 else "check does"
        yield f"  … and {more} more {what} not hold.", "dim"


def _check(check: Check, exercise: str, width: int, *, full: bool) -> Iterator[Line]:
    yield from _wrapped(check.name, "  ", width, "")
    yield from _wrapped(check.message, "    ", width, "red")
    if full and check.verdict is Verdict.FAILED and check.exchanges:
        yield from _exchange(check.exchanges[-1], exercise, width)


def _exchange(exchange: Exchange, exercise: str, width: int) -> Iterator[Line]:
    yield f"    sent    {exchange.method} {exchange.url}", "dim"
    for line in _body(exchange.request, width - 12):
        yield "            " + line, "dim"
    status = str(exchange.status) if exchange.status is not None else "no answer"
    yield f"    got     {status}", "dim"
    for line in _body(exchange.response, width - 12):
        yield "            " + line, "dim"
    yield f"    try it  when your service runs ({exercise}/README.md, “Run it yourself”):", "dim"
    # One line, however long, and from the first column: so it can be copied.
    yield exchange.curl, "dim"
    yield "", ""


class _JsonWrapper(textwrap.TextWrapper):
    """Breaks JSON that has no spaces between its members, and nothing at hyphens."""

    wordsep_simple_re = re.compile(r"(\s+)|(?<=,)(?=[\"{\[])")


def _body(text: str, width: int, most: int = 8) -> List[str]:
    wrapper = _JsonWrapper(width, break_on_hyphens=False)
    lines = [part for line in text.splitlines() for part in wrapper.wrap(line) or [""]]
    return lines if len(lines) <= most else [*lines[:most], "…"]


def _looks_like(result: ExerciseResult, width: int) -> Iterator[Line]:
    mistake = result.looks_like
    assert mistake is not None  # the caller looked
    yield "", ""
    yield from _wrapped(f"{LOOKS_LIKE} {mistake.title}", "", width, "yellow")
    for paragraph in mistake.explanation.split("\n\n"):
        yield from _wrapped(" ".join(paragraph.split()), "  ", width, "")


def _console_to_show(
    result: ExerciseResult, criterion: CriterionResult, shown: Sequence[Check]
) -> str:
    """What was written during the check at hand, or another of its criterion, or at all.

    Where only a stretch criterion is open: nothing, unless the service broke down in it.
    """
    broke_down = any((e.status or 0) >= 500 for check in shown for e in check.exchanges)
    if result.passed and not broke_down:
        return ""
    checks = [*shown, *open_checks(criterion)]
    return next((check.console for check in checks if check.console), result.console)


def _console(text: str) -> Iterator[Line]:
    lines = [line for line in text.splitlines() if not _STARTED.match(line)]
    lines = "\n".join(lines).strip().splitlines()
    if not lines:
        return
    yield "", ""
    yield "What the service wrote:", "dim"
    for line in _unrepeated(lines)[-CONSOLE_LINES:]:
        yield "  " + line, "dim"


def _unrepeated(lines: Sequence[str]) -> List[str]:
    """Lines that follow one another and are the same stand there once."""
    groups = [(line, len(list(group))) for line, group in itertools.groupby(lines)]
    return [f"{line}  ({count} times)" if count > 1 else line for line, count in groups]


def _summary(scorecard: Scorecard) -> Iterator[Line]:
    yield "", ""
    done = sum(1 for result in scorecard.exercises if result.passed)
    total = f"{scorecard.score}/{scorecard.max_score} points"
    yield f"{done} of {len(scorecard.exercises)} tickets done · {total}", "bold"
    for result in scorecard.exercises:
        if not result.passed:
            yield f"Next: {command(result.exercise)}", "bold"
            return


def _wrapped(text: str, indent: str, width: int, style: str) -> Iterator[Line]:
    for line in text.splitlines():
        # A line that is set in already (a command) stays so.
        inner = indent + line[: len(line) - len(line.lstrip())]
        wrapped = textwrap.wrap(line.lstrip(), width - len(inner), break_on_hyphens=False)
        for part in wrapped or [""]:
            yield inner + part, style
