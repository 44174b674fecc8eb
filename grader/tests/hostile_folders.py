"""Hostile submissions that git cannot hold, or that are too large to keep: made when needed.

Each function fills a folder and returns what is to be graded; its docstring has the same lines as
the head of a file in ``hostile/`` (see the README there).
"""

import os
from pathlib import Path

from grader.tests.conftest import MINIATURE

REFERENCE = (MINIATURE / "solutions" / "ex-1" / "main.py").read_bytes()


def main_is_a_fifo(folder: Path) -> Path:
    """A FIFO is where the program should be.

    Holds: problem no_file
    """
    os.mkfifo(str(folder / "main.py"))
    return folder


def submission_is_a_fifo(folder: Path) -> Path:
    """The submission itself is a FIFO.

    Holds: refused
    """
    os.mkfifo(str(folder / "main.py"))
    return folder / "main.py"


def main_is_a_link_to_the_solution(folder: Path) -> Path:
    """The program is a link to the reference, out of the folder.

    Holds: problem no_file
    """
    (folder / "main.py").symlink_to(MINIATURE / "solutions" / "ex-1" / "main.py")
    return folder


def links_and_fifos(folder: Path) -> Path:
    """Links out of the folder, to devices, to themselves and in circles, and FIFOs.

    Holds: as the reference
    """
    (folder / "main.py").write_bytes(REFERENCE)
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    (folder / "one").symlink_to(folder / "other")
    (folder / "other").symlink_to(folder / "one")
    (folder / "folder").symlink_to("/")
    (folder / "hidden.txt").symlink_to("/etc/shadow")
    (folder / "zero").symlink_to("/dev/zero")
    os.mkfifo(str(folder / "pipe.py"))
    return folder


def names_that_attack(folder: Path) -> Path:
    """File names with escape sequences, line ends and bytes that are no UTF-8.

    Holds: as the reference
    """
    (folder / "main.py").write_bytes(REFERENCE)
    for name in (b"\x1b[31mred", b"a\n::error::x", b"\xff\xfe.txt", "\u202egnp.exe".encode()):
        (folder / os.fsdecode(name)).symlink_to("/etc/passwd")
    return folder


def not_utf_8(folder: Path) -> Path:
    """A source file in another encoding than it says.

    Holds: problem syntax_error
    """
    (folder / "main.py").write_bytes(b"# \xe9\xff\xfe\nname = '\xe9'\n" + REFERENCE)
    return folder


def byte_order_mark(folder: Path) -> Path:
    """A source file with a byte order mark: right, if unusual.

    Holds: as the reference
    """
    (folder / "main.py").write_bytes(b"\xef\xbb\xbf" + REFERENCE)
    return folder


def nul_bytes(folder: Path) -> Path:
    """A source file with NUL bytes.

    Holds: problem syntax_error
    """
    (folder / "main.py").write_bytes(REFERENCE + b"\0\0\0\n")
    return folder


def a_program_of_machine_code(folder: Path) -> Path:
    """A source file that is no text at all.

    Holds: problem syntax_error
    """
    (folder / "main.py").write_bytes(b"\x7fELF" + bytes(range(256)) * 100)
    return folder


def a_deep_expression(folder: Path) -> Path:
    """A source file with an expression nested so deep that it breaks who parses it.

    Holds: score 0
    """
    (folder / "main.py").write_bytes(b"x = " + b"(" * 5000 + b"-" * 200_000 + b"1\n")
    return folder


def a_long_sum(folder: Path) -> Path:
    """A source file with a sum of a hundred thousand terms, and no application.

    Holds: score 0
    """
    (folder / "main.py").write_bytes(b"x = 1" + b" + 1" * 100_000 + b"\n")
    return folder


def deep_folders_submitted(folder: Path) -> Path:
    """A submission with folders nested fifty deep.

    Holds: refused
    """
    (folder / "main.py").write_bytes(REFERENCE)
    (folder / "/".join("d" * 50)).mkdir(parents=True)
    return folder


def many_files(folder: Path) -> Path:
    """A submission of more files than any has.

    Holds: refused
    """
    (folder / "main.py").write_bytes(REFERENCE)
    for number in range(2100):
        (folder / f"{number}.txt").touch()
    return folder


def a_huge_file(folder: Path) -> Path:
    """A submission with a file of sixty gigabytes that takes no room on the disk.

    Holds: refused
    """
    (folder / "main.py").write_bytes(REFERENCE)
    with (folder / "data.bin").open("wb") as file:
        file.truncate(60 << 30)
    return folder


def compiled_modules(folder: Path) -> Path:
    """Compiled code that is not what the source beside it says.

    Holds: as the reference
    """
    (folder / "main.py").write_bytes(REFERENCE)
    (folder / "__pycache__").mkdir()
    for version in range(8, 16):
        (folder / "__pycache__" / f"main.cpython-3{version}.pyc").write_bytes(b"\0" * 64)
    return folder


def large_sources_beside(folder: Path) -> Path:
    """Files that nobody imports, and that crash or occupy whoever parses them.

    Holds: as the reference
    """
    (folder / "main.py").write_bytes(REFERENCE)
    (folder / "calls.py").write_bytes(b"x = a" + b"()" * 200_000)
    (folder / "sum.py").write_bytes(b"x = " + b"1 + " * 200_000 + b"1")
    for number in range(40):
        (folder / f"lines{number}.py").write_bytes(b"x = 1\n" * 170_000)
    return folder
