"""Sees that a command runs in an environment that has its packages. Standard library only.

Where the Python that was called has them, it is used. Else the project's own environment for this
version of Python is made, once (see ``environment``), and the command goes on inside it.
"""

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from grader import requirements
from grader.environment import ROOT, BootstrapError, Environment

# What a command needs beyond the grader's own requirements.
ADDED = {
    "selftest": ROOT / "grader" / "tests" / "requirements.txt",
    "notebooks": ROOT / "notebooks" / "requirements.txt",
}
# Commands for which the standard library does: a CI's job is spared the packages.
BARE = (["autograde", "plan"], ["autograde", "verdict"])


def hand_over(arguments: Sequence[str]) -> int:
    """Run the command line in an environment that has what it needs.

    Returns:
        The exit code.
    """

    def here() -> int:
        from grader.cli import main

        # Told to end (by `timeout`, or by a CI that cancels a job) it cleans up as at Ctrl+C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        return main(arguments)

    return run("grader", arguments, needed_files(arguments), here)


def needed_files(arguments: Sequence[str]) -> List[Path]:
    """The requirements files of a command."""
    if list(arguments[:2]) in BARE:
        return []
    files = [ROOT / "requirements.txt"]
    if arguments and arguments[0] in ADDED:
        files.append(ADDED[arguments[0]])
    return files


def run(
    module: str, arguments: Sequence[str], files: Sequence[Path], here: Callable[[], int]
) -> int:
    """Run ``python -m module``: by ``here`` in this Python if it has what ``files`` ask for.

    Returns:
        The exit code.
    """
    try:
        if not requirements.unmet(files):
            return here()
        environment = Environment.of_this_python()
        if not environment.is_active():
            environment.provide(files)
            return _go_on(environment, ["-m", module, *arguments])
        environment.install(files)
        importlib.invalidate_caches()
        left = requirements.unmet(files)
        if left:
            raise BootstrapError(f"pip has run, and still there is no {', '.join(left)}.")
        return here()
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _go_on(environment: Environment, arguments: Sequence[str]) -> int:
    """Go on in an environment: in this process's place, or, on Windows, in a child of it."""
    command = [str(environment.python), *arguments]
    sys.stdout.flush()
    try:
        if os.name == "posix":
            os.execve(command[0], command, _environment_variables())
        # Windows has no exec that keeps the console: wait for the child instead.
        child = subprocess.Popen(command, env=_environment_variables())
    except OSError as error:
        raise BootstrapError(
            f"The Python in {environment.folder.name} does not run here ({error.strerror}): "
            "delete that folder and run the command again."
        ) from error
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # it has heard it as well, and ends as it should


def _environment_variables() -> Dict[str, str]:
    """As they are, with the grader on the path, whatever the working folder is."""
    variables = dict(os.environ)
    path = [str(ROOT), *filter(None, [variables.get("PYTHONPATH")])]
    variables["PYTHONPATH"] = os.pathsep.join(path)
    variables.pop("PYTHONHOME", None)  # it would keep an environment from being one
    return variables
