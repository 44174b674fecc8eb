"""A scorecard that shows itself: as HTML in a notebook, as text elsewhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence

from grader.arguments import new_seed
from grader.cli import check_source
from grader.reports import html, text
from grader.run import scorecard_of
from grader.scorecard import Scorecard
from grader.workbook import find_exercise


@dataclass(frozen=True, repr=False)
class Shown:
    """What ``grader.grade`` returns."""

    scorecard: Scorecard

    def __repr__(self) -> str:
        return text.render(self.scorecard)

    def _repr_html_(self) -> str:
        """The scorecard as notebooks ask for it (IPython's rich display)."""
        return html.fragment(self.scorecard)


def grade_and_show(
    exercise: str, source: Optional[str], only: Optional[Sequence[str]], seed: Optional[int]
) -> Shown:
    """See ``grader.grade``."""
    found = find_exercise(exercise)
    submission = check_source(Path(source)) if source is not None else found.folder
    chosen = new_seed() if seed is None else seed
    return Shown(scorecard_of(found, submission, chosen, only))
