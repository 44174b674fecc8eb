"""``benchmark``: how long gradings take, as ratios to what they cannot do without.

All figures of one run are measured in turn, round by round, so that a busy moment of the machine
meets them alike; what is printed are medians and ratios of medians.
"""

import contextlib
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, Dict, List

from grader.errors import EXIT_FAILED, EXIT_PASSED, CannotJudge
from grader.workbook import ROOT, Request, find_exercise

TRIVIAL_APP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def root() -> dict:
    return {}
"""


def run(rounds: int) -> str:
    """Measure everything ``rounds`` times.

    Returns:
        The report, with times in seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.py").write_text(TRIVIAL_APP, encoding="utf-8")
        (Path(folder) / "empty").mkdir()
        measures = _measures(Path(folder))
        times: Dict[str, List[float]] = {name: [] for name in measures}
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds} …", file=sys.stderr, flush=True)
            for name, measure in measures.items():
                times[name].append(measure())
    return render({name: statistics.median(values) for name, values in times.items()}, rounds)


def _measures(folder: Path) -> Dict[str, Callable[[], float]]:
    reference = str(ROOT / "solutions" / "ex-1" / "main.py")
    return {
        "imports": lambda: _imports(folder),
        "service": lambda: _first_answer(folder),
        "cold": lambda: _command("ex-1", "--from", reference),
        "warm": _warm_grading,
        "all": lambda: _command(),
        "database": _database_start,
    }


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _command(*arguments: str) -> float:
    command = [sys.executable, "-m", "grader", *arguments]

    def grade() -> None:
        done = subprocess.run(command, cwd=str(ROOT), stdout=subprocess.DEVNULL, check=False)
        if done.returncode not in (EXIT_PASSED, EXIT_FAILED):
            raise CannotJudge(f"{' '.join(command[1:])} ended with {done.returncode}.")

    return _timed(grade)


def _imports(folder: Path) -> float:
    """Import what an examiner needs, and run pytest on nothing."""
    code = "import pytest, httpx, rich; pytest.main(['-q'])"
    command = [sys.executable, "-c", code]
    cwd = str(folder / "empty")
    return _timed(lambda: subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, check=False))


def _first_answer(folder: Path) -> float:
    """From the start of uvicorn to the first answer of a trivial application."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=str(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            time.sleep(0.002)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return sock.recv(12).endswith(b" 200")
    return False


def _warm_grading() -> float:
    """A second grading in one process, as ``watch`` does it at a save."""
    from grader.grading import grade
    from grader.run import running_launcher

    request = Request(find_exercise("ex-1"), ROOT / "solutions" / "ex-1" / "main.py", seed=1)
    with running_launcher() as launcher:
        grade(request, launcher)
        return _timed(lambda: grade(request, launcher))


def _database_start() -> float:
    from grader.database.fixture import Databases

    def start_and_stop() -> None:
        with Databases() as databases:
            databases.create()

    return _timed(start_and_stop)


def render(medians: Dict[str, float], rounds: int) -> str:
    """The figures and their ratios."""
    base = max(medians["imports"], medians["service"])
    lines = [
        f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"medians of {rounds} rounds",
        "",
        f"(a) import pytest, httpx, rich and run pytest on nothing    {medians['imports']:6.2f} s",
        f"(b) from the start of uvicorn to the first answer           {medians['service']:6.2f} s",
        f"python -m grader ex-1 --from the reference                  {medians['cold']:6.2f} s",
        f"the same again in watch                                     {medians['warm']:6.2f} s",
        f"python -m grader (all five stubs)                           {medians['all']:6.2f} s",
        f"PostgreSQL: start, make a database, stop                    {medians['database']:6.2f} s",
        "",
        f"ex-1 cold / the larger of (a) and (b)       {medians['cold'] / base:5.2f}",
        f"ex-1 in watch / ex-1 cold                   {medians['warm'] / medians['cold']:5.2f}",
        "all five less the database / ex-1 cold      "
        f"{(medians['all'] - medians['database']) / medians['cold']:5.2f}",
    ]
    return "\n".join(lines) + "\n"
