"""What the learner has reached: best scores and hints shown, in the project's ignored folder.

It is a convenience, never a result: losing it loses nothing but the memory of it.
"""

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterable, Optional

from grader.scorecard import ExerciseResult
from grader.workbook import CORE_POINTS, EXERCISE_IDS, ROOT

FOLDER = ROOT / ".grader"


class Progress:
    """The state in one file; what cannot be read counts as empty."""

    def __init__(self, file: Path = FOLDER / "progress.json") -> None:
        self._file = file

    def hints_shown(self, exercise: str, criterion: str) -> int:
        """How many hints of a criterion have been shown."""
        shown = self._section("hints").get(f"{exercise}/{criterion}", 0)
        return shown if isinstance(shown, int) and shown >= 0 else 0

    def note_hint(self, exercise: str, criterion: str, shown: int) -> None:
        """Remember that ``shown`` hints of a criterion have been shown."""
        self._update("hints", f"{exercise}/{criterion}", shown)

    def best_scores(self) -> Dict[str, int]:
        """The best score of each exercise that was graded whole."""
        return {k: v for k, v in self._section("scores").items() if isinstance(v, int)}

    def note_results(self, results: Iterable[ExerciseResult]) -> None:
        """Remember the scores of gradings of the learner's own folders."""
        best = self.best_scores()
        for result in results:
            if result.score > best.get(result.exercise, -1):
                self._update("scores", result.exercise, result.score)

    def first_open(self, after: str = "") -> str:
        """The next ticket that is not done, from the one behind ``after`` on and round.

        Returns:
            The exercise's id; empty when all are done.
        """
        start = EXERCISE_IDS.index(after) + 1 if after else 0
        best = self.best_scores()
        in_turn = (*EXERCISE_IDS[start:], *EXERCISE_IDS[:start])
        return next((name for name in in_turn if best.get(name, 0) < CORE_POINTS), "")

    def standing(self) -> str:
        """All tickets in a line: what was reached of each at best."""
        best = self.best_scores()
        reached = {name: _reached(best.get(name)) for name in EXERCISE_IDS}
        return "Your tickets: " + " · ".join(f"{name} {text}" for name, text in reached.items())

    def _section(self, name: str) -> Dict[str, Any]:
        section = self._read().get(name)
        return section if isinstance(section, dict) else {}

    def _read(self) -> Dict[str, Any]:
        try:
            state = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def _update(self, section: str, key: str, value: object) -> None:
        state = self._read()
        kept = self._section(section)
        state[section] = {**kept, key: value}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            # Written beside it and moved, so that a reader never sees half a file.
            fd, name = tempfile.mkstemp(dir=str(self._file.parent))
            with os.fdopen(fd, "w", encoding="utf-8") as writer:
                json.dump(state, writer)
            Path(name).replace(self._file)


def _reached(score: Optional[int]) -> str:
    if score is None:
        return "–"
    return "✓" if score >= CORE_POINTS else f"{score}/{CORE_POINTS}"
