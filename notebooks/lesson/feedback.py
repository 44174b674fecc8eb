"""What a check-yourself cell answers: one line for each thing that was asked."""

from html import escape
from typing import Any, Callable, List, Mapping, Tuple

RIGHT, WRONG, OPEN = "✓", "✗", "○"


class Feedback:
    """Lines with a mark each; the marks differ in shape, not in colour alone."""

    def __init__(self, lines: List[Tuple[str, str]]) -> None:
        self.lines = lines

    @property
    def right(self) -> bool:
        """Whether everything was answered, and rightly."""
        return all(mark == RIGHT for mark, _ in self.lines)

    def _head(self) -> str:
        if all(mark == OPEN for mark, _ in self.lines):
            return "Not answered yet: put your answer in place of the dots, and run the cell again."
        if self.right:
            return "All right."
        count = sum(mark == RIGHT for mark, _ in self.lines)
        return f"{count} of {len(self.lines)} right so far."

    def _repr_html_(self) -> str:
        colours = {RIGHT: "#009E73", WRONG: "#D55E00", OPEN: "#888888"}
        items = "".join(
            f'<div><b style="color:{colours[mark]}">{mark}</b> {escape(text)}</div>'
            for mark, text in self.lines
        )
        return (
            '<div style="border-left:4px solid #0072B2; padding:0.2em 0.8em">'
            f"<b>{escape(self._head())}</b>{items}</div>"
        )

    def __repr__(self) -> str:
        return "\n".join([self._head(), *(f"{mark} {text}" for mark, text in self.lines)])


def compare(
    answers: Mapping[Any, Any],
    truth: Mapping[Any, Any],
    why: Mapping[Any, str],
    same: Callable[[Any, Any], bool] = lambda given, true: bool(given == true),
) -> Feedback:
    """Hold answers against the truth; ``why`` explains where they differ, and where they do not."""
    lines = []
    for question, true in truth.items():
        given = answers.get(question, ...)
        if given is ...:
            lines.append((OPEN, f"{question}"))
        elif same(given, true):
            lines.append((RIGHT, f"{question}: {why[question]}"))
        else:
            lines.append((WRONG, f"{question}: not {given!r}. {why[question]}"))
    return Feedback(lines)
