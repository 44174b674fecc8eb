"""The walls around a submission, tried from within: as root, as a normal user, and switched off."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, List

import pytest

from grader.sandbox import Policy, landlock
from grader.sandbox.policy import _unused, _without, available
from grader.service.launcher import Launcher
from grader.tests.conftest import MINIATURE, Grade
from grader.walls import ALLOWED, breaches, try_walls
from grader.workbook import ROOT

pytestmark = pytest.mark.skipif(not available(), reason="the walls are Linux's")

REFERENCE = (MINIATURE / "solutions" / "ex-1" / "main.py").read_text(encoding="utf-8")


def test_a_submission_reaches_nothing_but_its_own(launcher: Launcher) -> None:
    found = try_walls(launcher)
    if landlock.abi() < 6:
        pytest.skip(f"this kernel's Landlock is of version {landlock.abi()}")
    assert breaches(found) == []
    assert all(found[name] for name in ALLOWED)


def test_the_same_holds_for_a_normal_user() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    if landlock.abi() < 6:
        pytest.skip(f"this kernel's Landlock is of version {landlock.abi()}")
    program = (
        "import json, os, sys\n"
        "os.environ['HOME'] = os.environ['TMPDIR'] = sys.argv[1]\n"
        "from grader.sandbox import libc, privileges\n"
        "from grader.service.launcher import WarmLauncher\n"
        "from grader.walls import try_walls\n"
        "privileges.become(65534, keep_reading=True)\n"
        # Kept for the programs that it starts, too: this interpreter may lie below root's home.
        "import ctypes\n"
        "number = privileges.SYS_CAPSET[os.uname().machine]\n"
        "header = (ctypes.c_uint32 * 2)(privileges.CAPABILITY_VERSION_3, 0)\n"
        "data = (ctypes.c_uint32 * 6)(4, 4, 4, 0, 0, 0)\n"
        "libc.syscall(number, ctypes.byref(header), ctypes.byref(data))\n"
        "libc.prctl(47, 2, 2)\n"  # PR_CAP_AMBIENT, raise, CAP_DAC_READ_SEARCH
        "launcher = WarmLauncher()\n"
        "print(json.dumps(try_walls(launcher)))\n"
        "launcher.close()\n"
    )
    home = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    home.chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-c", program, str(home)],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: Dict[str, bool] = json.loads(done.stdout)
    assert breaches(found) == []


def test_what_is_enforced_stands_in_the_result(grade_source: Grade) -> None:
    result = grade_source(REFERENCE, only=["AC2"])
    assert "rlimits" in result.enforced
    assert "no-new-privs" in result.enforced
    if landlock.abi():
        assert "landlock" in result.enforced


def test_switched_off_it_works_and_claims_nothing(
    monkeypatch: pytest.MonkeyPatch, grade_source: Grade
) -> None:
    monkeypatch.setenv("GRADER_PORTABLE", "1")
    result = grade_source(REFERENCE, only=["AC2"])
    assert result.passed
    assert result.enforced == ()


HOGS: Dict[str, str] = {
    "memory": "x = bytearray(1 << 33)\n",
    "one huge file": "open('big', 'wb').truncate(1 << 30)\n",
    "descriptors": "import os\nfds = [os.open('/dev/null', 0) for _ in range(5000)]\n",
}


@pytest.mark.parametrize("name", HOGS)
def test_a_hog_meets_its_limit(grade_source: Grade, name: str) -> None:
    result = grade_source(HOGS[name] + REFERENCE)
    assert result.problem is not None
    assert result.problem.kind in ("import_error", "exited")


def test_a_fork_storm_ends_with_the_grading(grade_source: Grade) -> None:
    storm = (
        "import os, time\n"
        "print('folder', os.getcwd(), flush=True)\n"
        "try:\n"
        "    while True:\n"
        "        if os.fork() == 0:\n"
        "            time.sleep(600)\n"
        "except OSError as error:\n"
        "    print('stopped:', error, flush=True)\n"
    )
    result = grade_source(storm + REFERENCE, only=["AC2"])
    assert "stopped: [Errno 11]" in result.console
    folder = result.console.split("folder ")[1].split()[0]
    assert not processes_in(folder), "processes are left"


def processes_in(folder: str) -> List[str]:
    """The processes whose working folder is ``folder``, also when it is deleted."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if os.readlink(str(entry / "cwd")).startswith(folder):
                found.append(entry.name)
    return found


def test_many_threads_are_fine(grade_source: Grade) -> None:
    threads = (
        "import threading\n"
        "gate = threading.Event()\n"
        "started = [threading.Thread(target=gate.wait, daemon=True) for _ in range(200)]\n"
        "for thread in started:\n"
        "    thread.start()\n"
    )
    assert grade_source(threads + REFERENCE, only=["AC2"]).passed


def test_a_policy_survives_its_way_through_json() -> None:
    policy = Policy(("/usr",), ("/tmp/x",), (5432,), 2_000_001, True)
    assert Policy.from_dict(json.loads(json.dumps(policy.as_dict()))) == policy


def test_of_a_tree_that_holds_the_workbook_the_rest_is_granted(tmp_path: Path) -> None:
    for name in ("lib", "src/other", "src/workbook/solutions", "src/workbook/.venv"):
        (tmp_path / name).mkdir(parents=True)
    granted = _without(str(tmp_path), [str(tmp_path / "src" / "workbook" / "solutions")])
    inside = [str(Path(path).relative_to(tmp_path.resolve())) for path in granted]
    assert inside == ["lib", "src/other", "src/workbook/.venv"]


def test_what_is_withheld_is_not_granted(tmp_path: Path) -> None:
    assert _without(str(tmp_path), [str(tmp_path.resolve())]) == []


def test_no_two_services_are_the_same_user() -> None:
    # The end of one kills all processes of its user. A container may have few users to give.
    given = [_unused(61_000, 65_000) for _ in range(600)]
    assert len(set(given)) == len(given)


def test_a_user_that_has_processes_is_not_given() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    command = [
        sys.executable,
        "-c",
        "import os; os.setuid(3_999_999_000); print(flush=True); input()",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it is that user now
        assert _unused(3_999_999_000, 3_999_999_002) == 3_999_999_001
        process.kill()
