"""A ladder of hints for each criterion, kept in the exercise's ``.acceptance/hints.md``.

The file has a heading a criterion (``## AC1``) and below it a numbered list: a nudge first, nearly
the code last.
"""

import re
import textwrap
from typing import Dict, List

from grader.errors import WorkbookError
from grader.progress import Progress
from grader.workbook import Exercise, select_criteria

FEWEST_STEPS = 3


def read_hints(exercise: Exercise) -> Dict[str, List[str]]:
    """The hints of an exercise: criterion id to its steps, the mildest first.

    Raises:
        WorkbookError: the file is missing, or has text that belongs to no step.
    """
    file = exercise.acceptance / "hints.md"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise WorkbookError(f"{file}: the hints cannot be read ({error.strerror}).") from error
    ladders: Dict[str, List[str]] = {}
    steps: List[str] = []
    for number, line in enumerate(lines, 1):
        heading = re.fullmatch(r"## (?:★ )?([A-Z]+\d*)\s*", line)
        step = re.match(r"\d+\. (.*)", line)
        if heading is not None:
            steps = ladders.setdefault(heading[1], [])
        elif step is not None:
            steps.append(step[1].strip())
        elif line.startswith((" ", "\t")) and line.strip() and steps:
            steps[-1] += " " + line.strip()
        elif line.strip() and ladders:
            raise WorkbookError(f"{file}:{number}: this belongs to no step of a numbered list.")
    return ladders


def next_hint(exercise: Exercise, criterion: str, progress: Progress) -> str:
    """The next step of a criterion's ladder, remembered; the last one again when all were shown.

    Raises:
        UsageError: the criterion is not the ticket's.
        WorkbookError: it has no hints.
    """
    (chosen,) = select_criteria(exercise.ticket(), [criterion])
    ladder = read_hints(exercise).get(chosen.id, [])
    if len(ladder) < FEWEST_STEPS:
        raise WorkbookError(f"{exercise.acceptance / 'hints.md'}: {chosen.id} has too few hints.")
    shown = progress.hints_shown(exercise.id, chosen.id)
    step = min(shown, len(ladder) - 1)
    progress.note_hint(exercise.id, chosen.id, step + 1)
    head = f"{exercise.id} {chosen.id} · {chosen.title} · hint {step + 1} of {len(ladder)}"
    end = "Ask again for the next one." if step + 1 < len(ladder) else _last_words(exercise)
    return f"{head}\n\n{as_plain_text(ladder[step])}\n\n{end}"


def _last_words(exercise: Exercise) -> str:
    notebook = exercise.notebook
    text = "That was the last one."
    if notebook is not None:
        text += f" Still stuck? notebooks/{notebook.name} explains it from the ground up."
    return text


def as_plain_text(markdown: str) -> str:
    """A hint for a terminal: links show where they lead, as seen from the project's folder."""

    def shown(match: "re.Match[str]") -> str:
        # "../../notebooks/x.ipynb": as seen from the hints' own folder.
        return f"{match[1]} ({match[2].lstrip('./')})"

    return re.sub(r"\[([^\]]*)\]\(([^)]*)\)", shown, markdown)


def wrapped(text: str, width: int = 80) -> str:
    """Paragraphs, wrapped for reading."""
    return "\n".join(
        textwrap.fill(line, width, break_on_hyphens=False, break_long_words=False)
        for line in text.splitlines()
    )
