"""An initialised data directory, made once and copied for each run, and programs that may run.

Nothing half made is ever used: what is made gets its name by a rename when it is whole.
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from grader.database.binaries import Binaries
from grader.database.cache import is_root
from grader.errors import DatabaseUnavailable

# Counted up when what is written below changes, so that older templates are not used.
FORMAT = 1
KEPT = 5
_IN_USE_SECONDS = 24 * 3600
_UNFINISHED = ".unfinished"
_INITDB_SECONDS = 180
_SERVER_USERS = ("nobody", "postgres")


@dataclass(frozen=True)
class Template:
    """``data`` is copied for each run; ``password`` is the first one of its superuser."""

    data: Path
    password: str
    version: int


def server_user() -> Optional[Tuple[int, int]]:
    """Whom the server runs as, user and group, where it may not run as this process does.

    Raises:
        DatabaseUnavailable: this is root, and there is no user without rights.
    """
    if not is_root() or sys.platform == "win32":
        return None
    import pwd  # does not exist on Windows

    for name in _SERVER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return entry.pw_uid, entry.pw_gid
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root and there is no user `nobody`: grade as another user."
    )


def server_environment() -> Dict[str, str]:
    """What PostgreSQL's programs are given: nothing that changes their settings or language."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    kept["LC_ALL"] = "C"
    return kept


def ensure_reachable(binaries: Binaries, cache: Path) -> Binaries:
    """The programs where the server's user can run them: root's own folders are closed to it.

    Call it with the cache's lock held.
    """
    user = server_user()
    if user is None or binaries.package is None or _open_to_all(binaries.folder):
        return binaries
    package = binaries.package
    home = cache / f"programs-{_key(binaries)}"
    if not home.is_dir():
        unfinished = _unfinished(home)
        shutil.copytree(
            package / "pginstall",
            unfinished / package.name / "pginstall",
            ignore=shutil.ignore_patterns("include", "*.a"),
        )
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            # The programs look for their libraries three folders up, beside the package.
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_up(unfinished)
        unfinished.rename(home)
    os.utime(home)
    _drop_oldest(cache, "programs")
    return Binaries(home / package.name / "pginstall" / "bin", binaries.source, package)


def _open_to_all(folder: Path) -> bool:
    found = folder.resolve()
    return all(place.stat().st_mode & 0o001 for place in (found, *found.parents))


def _open_up(folder: Path) -> None:
    folder.chmod(0o755)
    for place in folder.rglob("*"):
        if not place.is_symlink():
            place.chmod(place.stat().st_mode | (0o055 if place.is_dir() else 0o044))


def ensure_template(binaries: Binaries, cache: Path) -> Template:
    """The data directory for these programs, initialised where it is missing.

    Call it with the cache's lock held.

    Raises:
        DatabaseUnavailable: it cannot be made; the sentence says what ``initdb`` said.
    """
    home = cache / f"template-{_key(binaries)}"
    data, secret = home / "data", home / "password"
    if not (data / "PG_VERSION").is_file() or not secret.is_file():
        _clear(home)
        _initialise(binaries, home)
    os.utime(home)
    _drop_oldest(cache, "template")
    version = int((data / "PG_VERSION").read_text().strip().split(".")[0])
    return Template(data, secret.read_text(), version)


def forget_template(binaries: Binaries, cache: Path) -> None:
    """Remove a data directory that does not start: the next call makes it anew."""
    _remove(cache / f"template-{_key(binaries)}")


def _key(binaries: Binaries) -> str:
    """Changes with the programs: their place, and the server's size and date."""
    found = Path(binaries.program("postgres")).stat()
    text = f"{FORMAT} {binaries.folder} {found.st_size} {found.st_mtime_ns}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _unfinished(home: Path) -> Path:
    made = _aside(home)
    _clear(made)
    made.mkdir()
    made.chmod(0o755)  # whatever the umask is; the cache around it is closed where it can be
    return made


def _initialise(binaries: Binaries, home: Path) -> None:
    try:
        made = _unfinished(home)
        (made / "data").mkdir(mode=0o700)
        password = secrets.token_hex(24)
        _write_privately(made / "password", password)
        _run_initdb(binaries, made, password)
        made.rename(home)
    except OSError as error:
        raise DatabaseUnavailable(
            f"PostgreSQL's data folder could not be made in {home.parent} ({error.strerror})."
        ) from error
    finally:
        _clear(_aside(home))


def _run_initdb(binaries: Binaries, made: Path, password: str) -> None:
    # initdb reads the password as the server's user; the copy is gone before anybody can look
    # for it, since the folder that holds it is the server's own.
    handed = made / "data.password"
    _write_privately(handed, password)
    user = server_user()
    if user is not None:
        os.chown(handed, *user)
        os.chown(made / "data", *user)
    command: List[str] = [
        *(binaries.program("initdb"), "-D", str(made / "data"), "-U", "postgres", "-E", "UTF8"),
        *("--locale=C", "-N", "--wal-segsize=1", "-A", "scram-sha-256", f"--pwfile={handed}"),
    ]
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=server_environment(),
            cwd=made.anchor,
            timeout=_INITDB_SECONDS,
            preexec_fn=_become(user) if user is not None else None,
        )
    except subprocess.SubprocessError as error:
        raise DatabaseUnavailable(f"PostgreSQL's initdb did not run to its end: {error}") from error
    finally:
        handed.unlink()
    if ended.returncode != 0:
        reason = _why(ended.stdout.decode(errors="replace")) or f"exit status {ended.returncode}"
        raise DatabaseUnavailable(
            f"PostgreSQL's data folder could not be made in {made.parent} ({reason})."
        )


def _why(said: str) -> str:
    """The first error that initdb tells of, else its last word."""
    told = re.search(r"\b(?:error|ERROR|FATAL|PANIC): +(.+)", said)
    lines = said.strip().splitlines() or [""]
    return (told.group(1) if told is not None else lines[-1]).rstrip(".")


def _write_privately(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


class _become:  # noqa: N801  (reads as the verb it is)
    """Drop to a user without rights, in the child between fork and exec."""

    def __init__(self, user: Tuple[int, int]) -> None:
        self._user, self._group = user

    def __call__(self) -> None:
        os.setgroups([])
        os.setgid(self._group)
        os.setuid(self._user)


def _drop_oldest(cache: Path, kind: str) -> None:
    """What older versions used does not pile up; what a grading may be using is kept."""
    made = sorted(
        (place for place in cache.glob(f"{kind}-*") if place.suffix != _UNFINISHED),
        key=lambda place: place.stat().st_mtime,
        reverse=True,
    )
    for old in made[KEPT:]:
        if time.time() - old.stat().st_mtime > _IN_USE_SECONDS:
            _remove(old)


def _remove(home: Path) -> None:
    """Remove a folder at one stroke: a copy that is being made of it fails, and lacks no part."""
    removed = _aside(home)
    _clear(removed)
    with contextlib.suppress(OSError):
        home.rename(removed)
    _clear(removed)


def _aside(home: Path) -> Path:
    """Where a folder lies that is not whole: while it is made, and while it is removed."""
    return home.with_name(home.name + _UNFINISHED)


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
