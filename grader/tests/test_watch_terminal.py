"""``watch`` as a person has it: in a terminal, with keys, saves and a window that changes."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest

from grader.reset import stub_of
from grader.tests.conftest import MINIATURE
from grader.workbook import ROOT, Exercise

if os.name != "posix":
    pytest.skip("a terminal as POSIX has it", allow_module_level=True)

import fcntl
import pty
import select
import struct
import termios

REFERENCE = (MINIATURE / "solutions" / "ex-1" / "main.py").read_text(encoding="utf-8")
HALF = REFERENCE.replace("2 *", "3 *")
HINTS = "".join(f"## {name}\n1. Nudge.\n2. Concept.\n3. Code.\n\n" for name in ("AC1", "AC2"))
SECONDS = 60.0
# The command itself works on this workbook alone; the rest is what it runs.
PROGRAM = """
import fcntl, functools, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from pathlib import Path
from grader.progress import Progress
from grader.reports.printing import print_text
from grader.run import running_launcher
from grader.watch import Watch
from grader.workbook import Exercise

root = Path(sys.argv[1])
with running_launcher() as launcher:
    progress = Progress(root / "progress.json")
    show = functools.partial(print_text, watched=True)
    sys.exit(Watch(launcher, Exercise("ex-1", root), show, progress).run())
"""


class Terminal:
    """A watch in a terminal of its own; ``screen`` is what it wrote since the last look."""

    def __init__(self, root: Path) -> None:
        self.main = root / "ex-1" / "main.py"
        self.screen = ""
        self.fd, terminal = pty.openpty()
        self.resize(24, 80)
        self.modes = termios.tcgetattr(self.fd)[3]
        environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(root)],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=environment,
            start_new_session=True,
        )
        os.close(terminal)

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, key: str) -> None:
        os.write(self.fd, key.encode())

    def save(self, text: str) -> None:
        self.main.write_text(text, encoding="utf-8")

    def wait_for(self, text: str) -> str:
        """Read until ``text`` was written; what was written up to there."""
        deadline = time.monotonic() + SECONDS
        while text not in self.screen:
            if not select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
                pytest.fail(f"{text!r} was not shown, but:\n{self.screen}")
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # the other side was closed
                data = b""
            if not data:
                pytest.fail(f"it ended without {text!r}:\n{self.screen}")
            self.screen += data.decode("utf-8", "replace")
        seen, _, self.screen = self.screen.partition(text)
        return seen

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.fd)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    root = tmp_path / "workbook"
    shutil.copytree(str(MINIATURE), str(root))
    exercise = Exercise("ex-1", root)
    shutil.copyfile(str(exercise.folder / "main.py"), str(stub_of(exercise)))
    (exercise.acceptance / "hints.md").write_text(HINTS, encoding="utf-8")
    made = Terminal(root)
    yield made
    made.close()


def test_from_the_stub_to_the_next_ticket_through_all_that_happens_on_the_way(
    terminal: Terminal,
) -> None:
    """One session, since a start costs more than all that follows."""
    terminal.wait_for("0/100")
    terminal.wait_for("Stuck? Press h.")
    terminal.wait_for("first run")
    terminal.wait_for("[q]uit")

    terminal.save("def half_written(")
    assert "2J" in terminal.wait_for("It could not be started")  # a fresh screen
    terminal.wait_for("it does not start")
    terminal.save(HALF)
    terminal.wait_for("fixed: ")
    terminal.wait_for("[q]uit")

    terminal.press("h")
    assert "Nudge." in terminal.wait_for("Ask again for the next one.")
    terminal.press("h")
    assert "Concept." in terminal.wait_for("Ask again for the next one.")

    terminal.resize(24, 60)
    # A scorecard that was under way when the terminal changed may come first.
    while len(terminal.wait_for("/100").rpartition("\n")[2]) >= 60 + len("\x1b[2J\x1b[H\x1b[1m"):
        pass
    terminal.wait_for("[q]uit")

    terminal.press("r")
    terminal.wait_for("r again: yes")
    terminal.press("r")
    terminal.wait_for("yours is ex-1/main.py.kept-1")
    assert "broken: " not in terminal.wait_for("0/100")
    terminal.wait_for("broken: ")

    kept = terminal.main.parent.with_name("elsewhere")
    terminal.main.parent.rename(kept)
    terminal.wait_for("The folder ex-1 is gone")
    kept.rename(terminal.main.parent)
    terminal.wait_for("0/100")
    terminal.wait_for("nothing changed")
    terminal.save(REFERENCE)
    terminal.wait_for("100/100")
    terminal.wait_for("On to ex-2")
    terminal.press("b")
    terminal.wait_for("On to ex-1")
    terminal.press("\n")
    terminal.wait_for("100/100")
    assert "On to" not in terminal.wait_for("[q]uit")

    terminal.press("q")
    assert terminal.process.wait(SECONDS) == 0
    assert termios.tcgetattr(terminal.fd)[3] == terminal.modes


def test_interrupted_it_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.wait_for("[q]uit")
    terminal.press("\x03")
    terminal.wait_for("KeyboardInterrupt")  # the command turns it into a word and 130
    terminal.process.wait(SECONDS)
    assert termios.tcgetattr(terminal.fd)[3] == terminal.modes
