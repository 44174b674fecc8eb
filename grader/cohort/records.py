"""What a run keeps of each student, so that a run that was stopped goes on where it was."""

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from grader.cohort.submissions import Submission
from grader.errors import UsageError
from grader.run import installed_version
from grader.workbook import ROOT, exercises

FORMAT = 1
_RUN = "run.json"


class Records:
    """The folder of results: one JSON document a student in ``students``."""

    def __init__(self, folder: Path, only: Sequence[str]) -> None:
        self.folder = folder
        self.students = folder / "students"
        self._only = ",".join(only)
        self._judge = _digest_of_the_judge()
        try:
            self.students.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"The results cannot be written to {folder}: {error.strerror}. Say --output DIR."
            ) from error

    def seed(self, wanted: Optional[int], new: int) -> int:
        """The seed of this class: the wanted one, else that of the run before, else ``new``."""
        kept = _read(self.folder / _RUN).get("seed")
        chosen = wanted if wanted is not None else kept if isinstance(kept, int) else new
        write(self.folder / _RUN, json.dumps({"seed": chosen}) + "\n")
        return chosen

    def stamp(self, digest: str, seed: int) -> str:
        """What a result depends on: submission, judge, exercises and seed."""
        parts = (str(FORMAT), digest, self._judge, self._only, str(seed))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def kept(self, submission: Submission, stamp: str) -> Optional[Dict[str, Any]]:
        """What is known of a student, if it still holds and was a verdict."""
        record = _read(self.students / f"{submission.key}.json")
        if record.get("stamp") == stamp and not record.get("unjudged"):
            return record
        return None

    def keep(self, submission: Submission, record: Dict[str, Any], page: str) -> None:
        """Keep a student's result, and the scorecard as a page."""
        write(self.students / f"{submission.key}.html", page)
        write(self.students / f"{submission.key}.json", json.dumps(record) + "\n")


def write(path: Path, text: str) -> None:
    """Write a file at once or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    fresh = path.with_name(path.name + ".part")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be written: {error.strerror}.") from error


def _read(path: Path) -> Dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        document = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(document, dict):
            return document
    return {}


def _digest_of_the_judge() -> str:
    """A digest of what a verdict comes from beside the submission."""
    hashed = hashlib.sha256()
    files = [path for path in (ROOT / "grader").rglob("*.py") if "tests" not in path.parts]
    for exercise in exercises():
        files += [exercise.readme, *exercise.acceptance.glob("*.py")]
    for path in sorted(files):
        hashed.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    for package in ("fastapi", "starlette", "pydantic", "uvicorn", "sqlalchemy"):
        hashed.update(f"{package} {installed_version(package)}".encode())
    return hashed.hexdigest()
