"""What a pull request changes, and the learner's folders in it, read from git's objects.

Nothing is checked out: a tree holds names, modes and contents, so that no link of a pull request
ever lies on the disk, and no attribute or hook of its runs.
"""

import os
import posixpath
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from grader.errors import CannotJudge, UsageError
from grader.service.console import cut, neutralise, one_line
from grader.workbook import EXERCISE_IDS

MOST_BYTES = 50 * 1024 * 1024
MOST_FILES = 2000
LONGEST_PATH = 1000
WORKFLOWS = ".github/"

_LINK, _SUBMODULE = "120000", "160000"
# Of an exercise's folder, these belong to the workbook.
_OF_THE_WORKBOOK = re.compile(r"ex-\d/(\.acceptance/.*|README\.md)", re.DOTALL)
_STRANGE_PART = re.compile(r'^\.{0,2}$|[\\:*?"<>|\x00-\x1f]|[. ]$')


@dataclass(frozen=True)
class Entry:
    """One file of a tree: ``path`` is relative to the exercise's folder."""

    path: str
    mode: str
    name: str
    size: int


@dataclass(frozen=True)
class Changes:
    """The exercises whose folders a pull request changes, and what else it changes."""

    exercises: Tuple[str, ...]
    others: Tuple[str, ...]

    @property
    def workflows(self) -> bool:
        """Whether it changes what a CI service runs."""
        return any(path.startswith(WORKFLOWS) for path in self.others)


class Repository:
    """A clone that has the commits of the pull request and of its base."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def commit(self, revision: str) -> str:
        """The full name of a commit.

        Raises:
            UsageError: there is none of this name.
        """
        name = revision + "^{commit}"
        if not revision.startswith("-"):
            found = self._git("rev-parse", "--quiet", "--verify", name, failing=True)
            if found is not None:
                return found.decode().strip()
        raise UsageError(f"There is no commit {shown(revision)} in {self._folder}.")

    def changes(self, base: str, head: str) -> Changes:
        """What ``head`` changes since it left ``base``."""
        since = self._git("merge-base", base, head, failing=True)
        start = since.decode().strip() if since is not None else base
        listed = self._git("diff-tree", "-r", "-z", "--no-renames", "--name-only", start, head)
        paths = _names(listed)
        learners = {path: path.split("/")[0] for path in paths if _is_learners(path)}
        return Changes(
            tuple(name for name in EXERCISE_IDS if name in learners.values()),
            tuple(path for path in paths if path not in learners),
        )

    def take(self, head: str, exercise: str, target: Path) -> Tuple[str, ...]:
        """Write the learner's files of an exercise into the empty folder ``target``.

        Returns:
            What was left out, one sentence each.

        Raises:
            UsageError: it is too large to be a submission.
        """
        entries, notes = self._entries(head, exercise), []
        wanted: Dict[str, Entry] = {}
        for path, entry in sorted(entries.items()):
            source = self._followed(entry, entries)
            if source is None:
                notes.append(f"{shown(path)}: a link or submodule, not followed")
            elif any(_STRANGE_PART.search(part) for part in path.split("/")):
                notes.append(f"{shown(path)}: a name that not every system can hold, left out")
            else:
                wanted[path] = source
        if len(wanted) > MOST_FILES or sum(e.size for e in wanted.values()) > MOST_BYTES:
            raise UsageError(
                f"{exercise} holds more than {MOST_FILES} files or 50 MB: not a submission."
            )
        _write_files(target, wanted, self._contents([e.name for e in wanted.values()]))
        return tuple(notes[:10])

    def _entries(self, head: str, exercise: str) -> Dict[str, Entry]:
        listed = self._git("ls-tree", "-r", "-z", "-l", "--full-tree", head, "--", exercise)
        entries = {}
        for line in _names(listed):
            about, _, path = line.partition("\t")
            mode, _, name, size = about.split()
            if path == exercise:  # no folder, but a file or a link in its place
                continue
            path = path[len(exercise) + 1 :]
            if not _OF_THE_WORKBOOK.fullmatch(f"{exercise}/{path}"):
                entries[path] = Entry(path, mode, name, int(size) if size != "-" else 0)
        return entries

    def _followed(self, entry: Entry, entries: Dict[str, Entry]) -> Optional[Entry]:
        """The regular file that an entry is or leads to, inside the exercise's folder alone."""
        for _ in range(8):
            if entry.mode == _SUBMODULE:
                return None
            if entry.mode != _LINK:
                return entry
            if entry.size > LONGEST_PATH:
                return None
            leads_to = os.fsdecode(self._contents([entry.name])[entry.name])
            there = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), leads_to))
            if there not in entries:
                return None
            entry = entries[there]
        return None

    def _contents(self, names: Sequence[str]) -> Dict[str, bytes]:
        """The contents of blobs by their names, in one call of git (git-cat-file(1), --batch)."""
        wanted = list(dict.fromkeys(names))
        asked = "".join(name + "\n" for name in wanted).encode()
        answer = self._git("cat-file", "--batch", given=asked)
        contents, at = {}, 0
        for name in wanted:
            end = answer.index(b"\n", at)
            size = int(answer[at:end].split()[2])
            contents[name] = answer[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return contents

    def _git(self, *arguments: str, given: bytes = b"", failing: bool = False) -> bytes:
        """Run git, and return what it prints; None where it may fail, and did."""
        environment = {**os.environ, "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"}
        command = ["git", "-C", str(self._folder), *arguments]
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, env=environment, check=False
            )
        except FileNotFoundError as error:
            raise CannotJudge("git is not installed; a pull request is read with it.") from error
        if done.returncode != 0:
            if failing:
                return None  # type: ignore[return-value]
            told = neutralise(cut(done.stderr.decode("utf-8", "replace").strip(), 300))
            raise CannotJudge(f"git {arguments[0]} failed in {self._folder}: {told}")
        return done.stdout


def _names(listed: bytes) -> List[str]:
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


def _is_learners(path: str) -> bool:
    # A link in place of the whole folder has the folder's name.
    return path.split("/")[0] in EXERCISE_IDS and not _OF_THE_WORKBOOK.fullmatch(path)


def _write_files(target: Path, wanted: Dict[str, Entry], contents: Dict[str, bytes]) -> None:
    for path, entry in wanted.items():
        file = target.joinpath(*path.split("/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents[entry.name])


def shown(text: str) -> str:
    """A name of a pull request's, harmless to show: one line, no control characters, bounded."""
    return one_line(text, 120)
