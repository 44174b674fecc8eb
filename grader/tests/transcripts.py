"""Kept transcripts: the words of scorecards, so that a change of them is seen and read.

``GRADER_UPDATE_TRANSCRIPTS=1 python -m grader selftest -k expected`` writes them anew. What differs
between two gradings of one submission (ids, orders, counts by chance) is masked then.
"""

import re
from pathlib import Path
from typing import List, Optional

from grader.scorecard import ExerciseResult, Verdict

FOLDER = Path(__file__).resolve().parent / "transcripts"
MASK = "<…>"

_UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_NUMBER_OF_SECONDS = re.compile(r"\b\d+(\.\d+)? (milli)?seconds\b")


def transcript(result: ExerciseResult) -> str:
    """The verdicts of a grading and the words of what did not hold, unwrapped."""
    lines = [f"{result.score}/{result.max_score}"]
    if result.problem is not None:
        lines.append(f"{result.problem.kind}: {result.problem.message}")
        return "\n".join(lines)
    for criterion in result.criteria:
        lines.append(f"{criterion.id} {criterion.verdict.value}")
        for check in criterion.checks:
            if check.verdict is not Verdict.PASSED:
                lines.append(f"  {check.name}")
                lines += ["    " + _plain(line) for line in check.message.splitlines()]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _NUMBER_OF_SECONDS.sub(MASK, _UUID.sub("<uuid>", text))


def masked(first: str, second: str) -> str:
    """The first transcript, with what differs in the second one masked."""
    ones, others = first.splitlines(), second.splitlines()
    if len(ones) != len(others):
        # Messages of varying length: what is left is which checks failed.
        return "\n".join(MASK if line.startswith("    ") else line for line in _folded(ones))
    return "\n".join(_masked_line(one, other) for one, other in zip(ones, others))


def _masked_line(one: str, other: str) -> str:
    words, others = one.split(" "), other.split(" ")
    if len(words) != len(others):
        return one if not one.startswith("    ") else "    " + MASK
    return " ".join(a if a == b else MASK for a, b in zip(words, others))


def _folded(lines: List[str]) -> List[str]:
    """Each message as one line."""
    folded: List[str] = []
    for line in lines:
        if not (line.startswith("    ") and folded and folded[-1].startswith("    ")):
            folded.append(line)
    return folded


def same(kept: str, now: str) -> bool:
    """Whether a transcript reads as the kept one, but for what is masked there."""
    lines = now.splitlines()
    wanted = kept.splitlines()
    if MASK in wanted:
        lines = [MASK if line.startswith("    ") else line for line in _folded(lines)]
    return len(lines) == len(wanted) and all(map(_same_line, wanted, lines))


def _same_line(kept: str, now: str) -> bool:
    if kept.strip() == MASK:
        return True
    pattern = ".*".join(re.escape(part) for part in kept.split(MASK))
    return re.fullmatch(pattern, now) is not None


def file_of(exercise: str, case: str) -> Path:
    """Where the transcript of a case ("rejected/role_case") is kept."""
    return FOLDER / exercise / (case.replace("/", "-") + ".txt")


def read(exercise: str, case: str) -> Optional[str]:
    """The kept transcript of a case, if there is one."""
    file = file_of(exercise, case)
    return file.read_text(encoding="utf-8").rstrip("\n") if file.exists() else None


def write(exercise: str, case: str, text: str) -> None:
    """Keep a transcript."""
    file = file_of(exercise, case)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
