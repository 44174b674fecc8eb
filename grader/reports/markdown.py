"""The scorecard as Markdown: for a pull request's summary.

What comes from a submission stands in code blocks alone, whose fence is longer than any run of
backticks in it; what stands outside is escaped.
"""

import re
from typing import Iterator

from grader.reports.harmless import harmless
from grader.reports.words import (
    LOOKS_LIKE,
    MARKS,
    NAMES,
    details,
    heading,
    name_of,
    open_checks,
    surroundings,
)
from grader.scorecard import ExerciseResult, Scorecard

# A job's summary may hold one MiB (GitHub's limit); other readers take less.
LONGEST = 200_000
LONGEST_BLOCK = 6_000
LONGEST_NOTE = 2_000


def render(scorecard: Scorecard) -> str:
    """The document, cut to what readers of it take."""
    text = "\n".join(_lines(harmless(scorecard))) + "\n"
    if len(text) > LONGEST:
        # Cut before a heading, so that no fence stays open.
        end = max(text.rfind(heading, 0, LONGEST) for heading in ("\n## ", "\n### "))
        text = text[:end] + "\n\n(The rest is left out.)\n"
    return text


def escape(text: str) -> str:
    """``text`` as it is, in Markdown: no markup, no mention, no reference, one line."""
    line = " ".join(text.split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = re.sub(r"([\\`*_{}\[\]()#+!|~.-])", r"\\\1", line)
    return line.replace("@", "&#64;").replace("://", "&#58;//")


def block(text: str) -> str:
    """A code block that holds ``text`` and nothing ends but itself."""
    text = text[:LONGEST_BLOCK]
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _lines(scorecard: Scorecard) -> Iterator[str]:
    yield f"# {scorecard.score} of {scorecard.max_score} points"
    for result in scorecard.exercises:
        yield from _exercise(result)
    yield ""
    yield f"_{escape(surroundings(scorecard))}_"


def _exercise(result: ExerciseResult) -> Iterator[str]:
    yield ""
    yield f"## {escape(heading(result))}: {result.score}/{result.max_score}"
    yield ""
    if result.problem is not None:
        yield "It could not be started:"
        yield ""
        yield block(f"{result.problem.message}\n{result.problem.detail}".strip())
        yield ""
    yield "| | Criterion | Points |"
    yield "| --- | --- | ---: |"
    for criterion in result.criteria:
        points = f"{criterion.earned}/{criterion.points}" if criterion.kind == "core" else "badge"
        yield f"| {MARKS[criterion.verdict]} | {escape(name_of(criterion))} | {points} |"
    if result.problem is None:
        yield from _failures(result)
    for note in result.notes:
        yield ""
        yield escape(note[:LONGEST_NOTE])


def _failures(result: ExerciseResult) -> Iterator[str]:
    for criterion in result.criteria:
        checks = open_checks(criterion)
        if not checks:
            continue
        yield ""
        yield f"### {escape(criterion.id)} {NAMES[criterion.verdict]}"
        for check in checks[:3]:
            yield ""
            yield block(details(check))
    if result.looks_like is not None:
        yield ""
        yield f"{LOOKS_LIKE} **{escape(result.looks_like.title)}**"
        yield ""
        yield escape(result.looks_like.explanation)
