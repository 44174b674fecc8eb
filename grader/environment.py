"""The project's own environment: made once for each version of Python. Standard library only.

It is ``.venv``, where editors look for it. If another version of Python has made that one, this
version's is ``.venv-3.12`` beside it, so that who uses two pays once for each.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Dict, Iterator, List, Optional, Sequence, Set

ROOT = Path(__file__).resolve().parent.parent
VERSION = "{}.{}".format(*sys.version_info)

# Settings of pip by which the packages would land elsewhere, or not at all.
STRAY_SETTINGS = (
    "PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_DRY_RUN PIP_NO_DEPS PIP_QUIET".split()
)


class BootstrapError(Exception):
    """The environment cannot be made; the message is one sentence that says what to do."""


class Environment:
    """An environment in ``folder``, made or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @classmethod
    def of_this_python(cls) -> "Environment":
        """The environment for the version of Python that runs."""
        usual = cls(ROOT / ".venv")
        if usual.is_active() or not usual.folder.exists():
            return usual
        version = usual.version()
        # One whose Python is gone, with an upgrade say, is nobody's: it is made anew.
        if version == VERSION or (version is not None and not usual.python.exists()):
            return usual
        return cls(ROOT / f".venv-{VERSION}")

    def is_active(self) -> bool:
        """Whether this process runs in it."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def version(self) -> Optional[str]:
        """The version of Python that made it, as it noted ("3.12"); None where nothing did."""
        with contextlib.suppress(OSError):
            text = (self.folder / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
            found = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", text, re.MULTILINE)
            return found.group(1) if found else ""
        return None

    def provide(self, files: Sequence[Path]) -> None:
        """See that it is there and has what the requirements ``files`` ask for.

        Raises:
            BootstrapError: it cannot be made.
        """
        if self._complete(files):
            return
        with _alone(self.folder.with_name(self.folder.name + ".lock")):
            if self._complete(files):  # another first run has made it meanwhile
                return
            if not self._runs():
                self._create()
            self.install([file for file in files if not self._has(file)])

    def install(self, files: Sequence[Path]) -> None:
        """Install what the requirements ``files`` ask for.

        Raises:
            BootstrapError: pip is not there or fails.
        """
        self._see_that_pip_is_there()
        for file in files:
            say(f"Installing the packages of {file.relative_to(ROOT).as_posix()} …")
            errors = self._pip_install(file)
            missed = _not_for_this_system(errors)
            if missed and missed <= set(_pinned(file)):
                say(f"  There is no {', '.join(missed)} for this system: going on without it.")
                with _without_pinned(file) as shorter:
                    errors = self._pip_install(shorter)
            if errors:
                say("\n".join(errors[-5:]))
                raise BootstrapError(
                    "The packages could not be installed: is there a network, or a mirror set for "
                    "pip? Run the same command again, or by hand: "
                    f"{self.python} -m pip install -r {file}"
                )
            with contextlib.suppress(OSError):
                self._stamp(file).write_text(_digest(file), encoding="utf-8")

    def _complete(self, files: Sequence[Path]) -> bool:
        return self.python.exists() and all(self._has(file) for file in files)

    def _has(self, file: Path) -> bool:
        """Whether what ``file`` asks for was installed: a stamp beside the packages remembers."""
        try:
            return self._stamp(file).read_text(encoding="utf-8") == _digest(file)
        except (OSError, ValueError):
            return False

    def _stamp(self, file: Path) -> Path:
        return self.folder / f".installed-{file.parent.name}-{file.stem}"

    def _runs(self) -> bool:
        """Whether its Python runs: it may be half made, or come from another machine."""
        if not self.python.exists():
            return False
        try:
            return _quietly([str(self.python), "-I", "-c", ""]).returncode == 0
        except OSError:
            return False

    def _create(self) -> None:
        say(f"First run: making an environment in {self.folder.name} (once; a minute or two).")
        shutil.rmtree(str(self.folder), ignore_errors=True)
        try:
            done = _quietly([sys.executable, "-m", "venv", str(self.folder)])
        except BaseException:  # Ctrl+C: half an environment is none
            shutil.rmtree(str(self.folder), ignore_errors=True)
            raise
        if done.returncode != 0:
            shutil.rmtree(str(self.folder), ignore_errors=True)
            raise BootstrapError(
                "This Python cannot make environments (python -m venv failed). Install its venv "
                "module (Debian, Ubuntu: apt install python3-venv), or run "
                "'pip install -r requirements.txt' in an environment of your own."
            )

    def _see_that_pip_is_there(self) -> None:
        """Add pip where an environment was made without it, or not to its end."""
        if _quietly([str(self.python), "-I", "-m", "pip", "--version"]).returncode == 0:
            return
        if _quietly([str(self.python), "-I", "-m", "ensurepip"]).returncode != 0:
            raise BootstrapError(
                f"There is no pip in {self.folder.name}, and it cannot be added: delete that "
                "folder and run the command again, or install requirements.txt into it by hand."
            )

    def _pip_install(self, file: Path) -> List[str]:
        """Run pip and show its progress as one line a package.

        Returns:
            Its last words if it fails.
        """
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]
        command += ["--no-input", "-r", str(file)]
        errors: List[str] = []
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_pip_variables(),
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout is not None  # it was asked for as a pipe
            for line in process.stdout:
                _show_progress(line)
                errors += [line.rstrip()] if line.startswith("ERROR") else []
        return (errors or ["pip failed."]) if process.returncode != 0 else []


def _not_for_this_system(errors: Sequence[str]) -> Set[str]:
    """The packages of which pip found nothing that fits."""
    found = (re.search(r"No matching distribution found for ([\w.-]+)", line) for line in errors)
    return {match.group(1) for match in found if match}


def _pinned(file: Path) -> Dict[str, str]:
    """The pinned requirements of a file, name and line: programs, which not every system has."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0]: line for line in lines if re.match(r"[\w.-]+==", line)}


@contextlib.contextmanager
def _without_pinned(file: Path) -> Iterator[Path]:
    """The requirements without those lines, in a file for a while."""
    pinned = _pinned(file).values()
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if line not in pinned]
    with tempfile.TemporaryDirectory() as folder:
        shorter = Path(folder) / file.name
        shorter.write_text("\n".join(kept), encoding="utf-8")
        yield shorter


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _quietly(command: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _pip_variables() -> Dict[str, str]:
    """The variables for pip, without the settings by which it would miss the environment."""
    kept = {name: value for name, value in os.environ.items() if name not in STRAY_SETTINGS}
    return {**kept, "PIP_USER": "0", "PYTHONIOENCODING": "utf-8"}


def _show_progress(line: str) -> None:
    if line.startswith("Collecting "):
        say("  " + line.split(" (from")[0].strip())
    elif line.startswith("Installing collected packages"):
        say("  Installing them …")
    elif line.startswith("WARNING: Retrying (Retry(total=4"):
        say("  No answer from where packages come from; pip tries again …")


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep a second first run out while the environment is made.

    Raises:
        BootstrapError: the project's folder cannot be written.
    """
    try:
        lock = _locked(path)
    except OSError as error:
        raise BootstrapError(
            f"The project's folder cannot be written ({error.strerror}). Make an environment "
            "elsewhere (python -m venv DIR), call pip install -r requirements.txt in it, and use "
            "its Python."
        ) from error
    with lock:
        yield
        with contextlib.suppress(OSError):
            path.unlink()  # while it is held: who waits for it sees that it has gone


def _locked(path: Path) -> "IO[bytes]":
    """The file, locked; the lock goes with it, and with the process, however that ends."""
    told = False
    while True:
        lock = path.open("ab")
        if _lock(lock):
            with contextlib.suppress(FileNotFoundError):  # its last holder has removed it
                if os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                    return lock
        elif not told:
            say("Another run makes the environment just now; waiting for it.")
            told = True
        lock.close()
        time.sleep(0.2)


def _lock(file: "IO[bytes]") -> bool:
    """Lock a file; False when another process holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Otherwise this file system has no locks, and nobody can be kept out.
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the result."""
    if text:
        print(text, file=sys.stderr, flush=True)
