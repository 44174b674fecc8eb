"""Tries the walls around a submission from within: what ``doctor`` reports and the tests hold."""

import json
import os
import socket
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Dict, List

from grader.acceptance.options import LaunchOptions
from grader.acceptance.services import Service
from grader.acceptance.stage import Stage
from grader.errors import CannotJudge
from grader.service.launcher import Launcher, import_path
from grader.workbook import ROOT

# A submission that tries what no submission may, and says what it could do. (It is honest: it is
# ours. What a hostile one can do is the same, whatever it says.)
_PROGRAM = """
import ctypes, json, os, signal, socket

TARGETS = json.loads(os.environ["TARGETS"])
FOUND = {}


def attempt(name, action):
    try:
        action()
        FOUND[name] = True
    except (OSError, ValueError):
        FOUND[name] = False


def connect(port):
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        pass


def change_namespace():
    if ctypes.CDLL(None).unshare(0x10000000) != 0:
        raise OSError


def write(path):
    with open(path, "w") as file:
        file.write("x")
    os.remove(path)


attempt("read the hidden tests", lambda: os.listdir(TARGETS["hidden"]))
attempt("read the solutions", lambda: os.listdir(TARGETS["solutions"]))
attempt("read other exercises", lambda: open(TARGETS["other"]).read(1))
attempt("read the home folder", lambda: os.listdir(TARGETS["home"]))
attempt("read the grader's memory map", lambda: open(TARGETS["maps"]).read(1))
attempt("read the grader's environment", lambda: open(TARGETS["environ"]).read(1))
attempt("write outside its folder", lambda: write(TARGETS["outside"]))
attempt("signal the grader", lambda: os.kill(TARGETS["pid"], 0))
attempt("connect to another service", lambda: connect(TARGETS["port"]))
attempt("send to the network", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt("reach UNIX sockets", lambda: socket.socket(socket.AF_UNIX))
attempt("make a namespace", change_namespace)
attempt("write its own folder", lambda: write("own"))
attempt("read its own folder", lambda: open("main.py").read(1))
print("FOUND " + json.dumps(FOUND), flush=True)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError
"""

ALLOWED = ("write its own folder", "read its own folder")


def try_walls(launcher: Launcher) -> Dict[str, bool]:
    """What a submission can do on this machine, as this user: each attempt and whether it worked.

    Raises:
        CannotJudge: the probe itself does not run.
    """
    with tempfile.TemporaryDirectory() as folder, closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        (Path(folder) / "main.py").write_text(_PROGRAM, encoding="utf-8")
        targets = {
            "hidden": str(ROOT / "ex-1" / ".acceptance"),
            "solutions": str(ROOT / "solutions"),
            "other": str(ROOT / "ex-2" / "README.md"),
            "home": str(Path.home()),
            "maps": f"/proc/{os.getpid()}/maps",
            "environ": f"/proc/{os.getpid()}/environ",
            "outside": str(Path(folder) / "written"),
            "pid": os.getpid(),
            "port": listener.getsockname()[1],
        }
        stage = Stage(launcher, Path(folder), import_path(), ())
        service = Service(stage, LaunchOptions(env={"TARGETS": json.dumps(targets)}))
        try:
            problem = service.begin()
            written = service.console.wait_for_output(seconds=10)
        finally:
            service.end()
    found = [line for line in written.splitlines() if line.startswith("FOUND ")]
    if not found:
        raise CannotJudge(f"The probe did not run: {problem.message if problem else written}")
    answer: Dict[str, bool] = json.loads(found[0][len("FOUND ") :])
    return answer


def breaches(found: Dict[str, bool]) -> List[str]:
    """What a submission could do and may not."""
    return [name for name, could in found.items() if could and name not in ALLOWED]
