"""Makes the project's environment when it is missing. Standard library only.

In an environment that has the packages already, that one is used. Else ``.venv`` in the project
is made once, filled from requirements.txt, and the command goes on inside it.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Optional, Sequence, Tuple

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 8)

# One module of each package, by the requirements file that names it.
RUN = (
    "fastapi uvicorn pydantic email_validator sqlalchemy psycopg2 httpx pytest xdist nbclient rich "
    "watchfiles"
).split()
TESTS = ("mypy", "ruff", "ipykernel", "matplotlib")
NOTEBOOKS = ("jupyterlab", "ipykernel", "matplotlib")


class BootstrapError(Exception):
    """The environment cannot be made; the message is one sentence that says what to do."""


def hand_over(arguments: Sequence[str]) -> int:
    """Run the command line in an environment that has what it needs.

    Returns:
        The exit code.
    """
    if sys.version_info < OLDEST:
        version = ".".join(str(part) for part in sys.version_info[:2])
        print(f"The grader needs Python 3.8 or newer; this is {version}.", file=sys.stderr)
        return 3
    needs = _needs(arguments)
    try:
        if not _missing(needs):
            return _run_here(arguments)
        return _run_in_environment(arguments, needs)
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _run_here(arguments: Sequence[str]) -> int:
    from grader.cli import main

    return main(arguments)


def _needs(arguments: Sequence[str]) -> Tuple[Tuple[Path, Sequence[str]], ...]:
    """The requirements files that the command needs, with modules that show them installed."""
    needs: List[Tuple[Path, Sequence[str]]] = [(ROOT / "requirements.txt", RUN)]
    if arguments and arguments[0] == "selftest":
        needs.append((ROOT / "grader" / "tests" / "requirements.txt", TESTS))
    if arguments and arguments[0] == "notebooks":
        needs.append((ROOT / "notebooks" / "requirements.txt", NOTEBOOKS))
    return tuple(needs)


def _missing(needs: Sequence[Tuple[Path, Sequence[str]]]) -> List[str]:
    modules = [module for _, names in needs for module in names]
    return [module for module in modules if not _installed(module)]


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _run_in_environment(
    arguments: Sequence[str], needs: Sequence[Tuple[Path, Sequence[str]]]
) -> int:
    folder = environment_folder()
    python = _python_of(folder)
    if Path(sys.prefix).resolve() == folder.resolve():
        _install(folder, python, needs)  # the environment's own Python was called
    else:
        with _alone(folder):
            if not _usable(python):
                _create(folder)
            _install(folder, python, needs)
    command = [str(python), "-m", "grader", *arguments]
    if os.name == "posix":
        os.environ["PYTHONPATH"] = _with_root(os.environ.get("PYTHONPATH"))
        sys.stdout.flush()
        os.execv(str(python), command)
    # Windows has no exec that keeps the console: wait for the child instead.
    environment = {**os.environ, "PYTHONPATH": _with_root(os.environ.get("PYTHONPATH"))}
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _with_root(python_path: Optional[str]) -> str:
    """A PYTHONPATH on which the grader is found, whatever the working folder is."""
    return os.pathsep.join([str(ROOT), *([python_path] if python_path else [])])


def environment_folder() -> Path:
    """Where the project's environment lies: one for each version of Python."""
    return ROOT / ".venv"


def _python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _usable(python: Path) -> bool:
    """Whether the environment's Python runs and is of this version (it may have been moved)."""
    if not python.exists():
        return False
    question = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(python), "-I", "-c", question], stdout=subprocess.PIPE, check=False
        ).stdout
    except OSError:
        return False
    return answer.decode().split() == [str(part) for part in sys.version_info[:2]]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second first run out while the environment is made (flock(2); not on Windows)."""
    path = folder.with_suffix(".lock")
    try:
        lock = path.open("a")
    except OSError as error:
        raise BootstrapError(
            f"The project's folder cannot be written ({error.strerror}). Make an environment "
            f"elsewhere: python -m venv DIR, then DIR/bin/pip install -r requirements.txt, and "
            f"call its Python."
        ) from error
    with lock:
        if os.name == "posix":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    with contextlib.suppress(OSError):
        path.unlink()


def _create(folder: Path) -> None:
    _say(f"First run: making an environment in {folder.name} (once; a minute or two).")
    if folder.exists():
        shutil.rmtree(str(folder), ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        shutil.rmtree(str(folder), ignore_errors=True)
        raise BootstrapError(
            "This Python cannot make environments (python -m venv failed). Install its venv "
            "module (Debian, Ubuntu: apt install python3-venv), or run "
            "'pip install -r requirements.txt' in an environment of your own."
        )


def _install(folder: Path, python: Path, needs: Sequence[Tuple[Path, Sequence[str]]]) -> None:
    """Install what is not installed yet; a stamp beside the packages remembers what was."""
    for requirements, _ in needs:
        stamp = folder / f".installed-{requirements.parent.name}-{requirements.stem}"
        digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            continue
        name = requirements.relative_to(ROOT).as_posix()
        _say(f"Installing the packages of {name} …")
        _pip_install(python, requirements)
        stamp.write_text(digest)


def _pip_install(python: Path, requirements: Path) -> None:
    """Run pip and show its progress as one line a package; its last words when it fails."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "-r", str(requirements)]
    last: List[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    ) as process:
        assert process.stdout is not None  # it was asked for as a pipe
        for line in process.stdout:
            last = [*last[-20:], line.rstrip()]
            if line.startswith("Collecting "):
                _say("  " + line.split(" (from")[0].strip())
            elif line.startswith("Installing collected packages"):
                _say("  Installing them …")
    if process.returncode != 0:
        _say("\n".join(line for line in last if line.startswith("ERROR")))
        raise BootstrapError(
            "The packages could not be installed: is there a network, or a mirror set for pip? "
            f"Run the same command again, or by hand: {python} -m pip install -r {requirements}"
        )


def _say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the result."""
    if text:
        print(text, file=sys.stderr, flush=True)
