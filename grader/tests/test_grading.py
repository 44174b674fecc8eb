"""A submission is graded end to end: started, asked over HTTP, ended."""

import gc
import importlib
import os
import sys
import time
import warnings
from pathlib import Path

import pytest

from grader.acceptance.options import LaunchOptions
from grader.acceptance.stage import Stage
from grader.acceptance.starting import StartService
from grader.errors import UsageError
from grader.scorecard import ExerciseResult, Verdict
from grader.service.launcher import Launcher, WarmLauncher, import_path, portable
from grader.tests import transcripts
from grader.tests.conftest import MINIATURE, Grade, eventually, verdicts

REFERENCE = (MINIATURE / "solutions" / "ex-1" / "main.py").read_text(encoding="utf-8")
PASSED, FAILED, BLOCKED = Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED


SALTED = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/")
def salted():
    return str(hash("a text"))
"""


def test_the_reference_passes_everything(grade_source: Grade) -> None:
    result = grade_source(REFERENCE)
    assert verdicts(result) == {"AC1": PASSED, "AC2": PASSED, "HELLO": PASSED}
    assert (result.score, result.max_score, result.passed) == (100, 100, True)


def test_the_stub_fails_rather_than_being_blocked(grade_folder: Grade) -> None:
    result = grade_folder(MINIATURE / "ex-1")
    assert verdicts(result) == {"AC1": FAILED, "AC2": FAILED, "HELLO": FAILED}
    assert result.score == 0


def test_a_criterion_is_all_or_nothing(grade_source: Grade) -> None:
    result = grade_source(REFERENCE.replace("2 *", "3 *"))
    assert verdicts(result) == {"AC1": FAILED, "AC2": PASSED, "HELLO": PASSED}
    assert result.score == 40
    assert not result.passed


def test_a_stretch_criterion_changes_neither_score_nor_verdict(grade_source: Grade) -> None:
    result = grade_source(REFERENCE.replace("/hello", "/bye"))
    assert verdicts(result)["HELLO"] is FAILED
    assert result.passed
    assert result.score == 100


def test_a_failure_shows_what_was_sent_and_what_came_back(grade_source: Grade) -> None:
    result = grade_source(REFERENCE.replace("2 *", "3 *"))
    check = result.criteria[0].checks[0]
    assert "the ticket asks for" in check.message
    exchange = check.exchanges[-1]
    assert (exchange.method, exchange.status) == ("POST", 200)
    assert '"number"' in exchange.request
    assert '"result"' in exchange.response
    line = "-Method POST -Uri '{}'" if os.name == "nt" else "-i -X POST {}"
    assert line.format("http://127.0.0.1:8000/double") in exchange.curl


def test_of_several_exchanges_the_one_that_fails_the_check_is_shown(grade_source: Grade) -> None:
    result = grade_source(REFERENCE.replace("number: int", "number: int = 0"))
    check = result.criteria[1].checks[0]
    assert check.message.startswith("POST /double answered 200")
    assert [exchange.method for exchange in check.exchanges] == ["GET", "POST"]


def test_only_the_criteria_asked_for_are_tried(grade_source: Grade) -> None:
    result = grade_source(REFERENCE, only=["AC2"])
    assert verdicts(result) == {"AC2": PASSED}
    assert result.max_score == 40


START_FAILURES = {
    "syntax_error": ("app = (\n", "main.py, line 1"),
    "missing_package": ("import fastapi\nimport no_such_thing\n", "pip install no_such_thing"),
    "import_error": ("from fastapi import NoSuchName\n", "NoSuchName"),
    "import_error-raises": ("\n\nraise RuntimeError('boo')\n", "main.py, line 3: boo"),
    "no_app": ("application = 1\n", "no variable named `app`"),
    "no_app-none": ("app = None\n", "`app` in main.py is of type NoneType"),
    "exited": ("import sys\nsys.exit()\n", "ends itself"),
    "exited-said": ("import sys\nsys.exit('settings.json: no JSON')\n", "settings.json: no JSON"),
    "exited-hard": ("import os\nos._exit(4)\n", "exit status 4"),
    "start_failed": (
        REFERENCE.replace("FastAPI()", "FastAPI(lifespan=broken)").replace(
            "app =",
            "from contextlib import asynccontextmanager\n"
            "@asynccontextmanager\nasync def broken(app):\n"
            "    open('nothing-here')\n    yield\napp =",
        ),
        "nothing-here",
    ),
    "syntax_error-nul": ("app = 1\0\n", "main.py"),
    "syntax_error-encoding": ("# coding: nonsense\n", "main.py"),
}
if os.name == "posix":
    START_FAILURES["exited-killed"] = ("import os\nos.kill(os.getpid(), 9)\n", "SIGKILL")


@pytest.mark.parametrize("name", START_FAILURES)
def test_each_way_not_to_start_is_told_apart(grade_source: Grade, name: str) -> None:
    source, told = START_FAILURES[name]
    result = grade_source(source)
    assert result.problem is not None
    assert result.problem.kind == name.partition("-")[0]
    assert told in result.problem.message
    assert set(verdicts(result).values()) == {BLOCKED}
    shown = result.problem.message + result.problem.detail
    assert "grader" not in shown, "frames of the grader's own are shown"
    assert "importlib" not in shown, "frames of the import system are shown"
    assert_reads_as_kept(name, result)


def assert_reads_as_kept(name: str, result: ExerciseResult) -> None:
    """As in ``transcripts/start``: written by hand, with Python's own words masked."""
    kept = transcripts.read("start", name)
    now = transcripts.transcript(result)
    assert kept is not None, f"keep the words of {name}:\n{now}"
    assert transcripts.same(kept, now), f"it reads differently:\n{now}"


@pytest.mark.skipif(portable(), reason="nothing is imported ahead")
def test_what_is_imported_ahead_warns_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Such as what only the tests beside a submission import."""
    from grader.service import warm_parent  # which needs what only Linux has

    for name in ("warns_ahead", "warns_by_itself"):
        (tmp_path / f"{name}.py").write_text("import warnings\nwarnings.warn('out of date')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with warnings.catch_warnings(record=True) as shown:
            warm_parent.preload(["warns_ahead"])
            gc.unfreeze()
            assert "warns_ahead" in sys.modules
            assert shown == []
            importlib.import_module("warns_by_itself")
            assert len(shown) == 1, "the packages' warnings are not shown afterwards"
    assert "out of date" not in capfd.readouterr().err


def test_a_folder_without_a_main_is_told_what_belongs_there(
    grade_folder: Grade, tmp_path: Path
) -> None:
    (tmp_path / "service.py").write_text(REFERENCE, encoding="utf-8")
    result = grade_folder(tmp_path)
    assert set(verdicts(result).values()) == {BLOCKED}
    assert_reads_as_kept("no_file", result)


def test_a_hang_at_start_up_is_ended_and_names_the_line(
    grade_source: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.acceptance.services.START_SECONDS", 4.0)
    monkeypatch.setattr("grader.acceptance.slowness.MOST", 1.0)
    result = grade_source("import time\n\n\ntime.sleep(1000)\napp = 1\n")
    assert result.problem is not None
    assert result.problem.kind == "start_timeout"
    assert "It waits in main.py, line 4." in result.problem.message
    assert (result.problem.file, result.problem.line) == ("main.py", 4)
    assert "grader" not in result.problem.detail + result.console
    assert_reads_as_kept("start_timeout", result)


def test_a_service_that_dies_is_told_so_and_started_again(grade_source: Grade) -> None:
    deadly = REFERENCE.replace(
        'return {"result"', "__import__('os')._exit(9)\n    return {\"result\""
    )
    result = grade_source(deadly)
    assert verdicts(result) == {"AC1": FAILED, "AC2": PASSED, "HELLO": PASSED}
    assert "exit status 9" in result.criteria[0].checks[0].message


def test_a_service_that_never_answers_is_given_up(
    grade_source: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.acceptance.client.REQUEST_SECONDS", 1.0)
    monkeypatch.setattr("grader.acceptance.slowness.MOST", 1.0)
    silent = (
        "import asyncio\nasync def app(scope, receive, send):\n"
        "    if scope['type'] == 'http':\n        await asyncio.sleep(1000)\n"
    )
    result = grade_source(silent)
    assert result.score == 0
    kinds = [check.verdict for c in result.criteria for check in c.checks]
    assert kinds.count(FAILED) == 2
    assert kinds.count(BLOCKED) == 2


def test_the_console_is_kept_and_neutralised(grade_source: Grade) -> None:
    result = grade_source("print('\\x1b[31mred\\u202e')\n" + REFERENCE.replace("2 *", "3 *"))
    assert "\\x1b[31mred\\u202e" in result.console


def test_a_check_keeps_what_the_service_wrote_in_it(grade_source: Grade) -> None:
    result = grade_source(REFERENCE.replace("2 *", "1 / 0 +"))
    shared, own = result.criteria[0].checks
    for check in (shared, own):
        assert check.console.count("ZeroDivisionError") == 1, check.console
        assert 'File "main.py", line' in check.console
        assert "uvicorn" not in check.console, "frames of libraries are shown"
    assert [check.console for check in result.criteria[1].checks] == [""]


def test_a_stub_is_graded_without_waiting_for_what_nobody_logs(
    grade_folder: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 501 is no exception: a beginner's first scorecard comes at once."""
    monkeypatch.setattr("grader.acceptance.examination.LOG_SECONDS", 60.0)
    assert grade_folder(MINIATURE / "ex-1").duration < 60


@pytest.mark.skipif(portable(), reason="only Linux tells who started a daemon")
def test_everything_that_a_submission_started_ends_with_it(
    grade_source: Grade, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        print('daemon', os.getpid(), flush=True)\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    result = grade_source(daemon + REFERENCE)
    assert not note.exists()
    pid = int(result.console.split("daemon ")[1].split()[0])
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists(), "the daemon outlived the grading"


def test_the_environment_of_the_person_is_not_the_submissions(
    grade_source: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET_OF_MINE", "xyzzy")
    result = grade_source("import os\nprint(dict(os.environ))\n" + REFERENCE, only=["AC1"])
    assert "xyzzy" not in result.console
    assert "'TZ': 'UTC'" in result.console


def test_modules_and_data_beside_main_are_found(grade_folder: Grade, tmp_path: Path) -> None:
    (tmp_path / "grader.py").write_text("FACTOR = 2\n")
    (tmp_path / "data.txt").write_text("hello")
    source = REFERENCE.replace("2 *", "FACTOR *")
    extra = "from grader import FACTOR\nassert open('data.txt').read() == 'hello'\n"
    (tmp_path / "main.py").write_text(extra + source)
    assert grade_folder(tmp_path).passed


@pytest.mark.parametrize(
    "place", ["app.py", "api.py", "app/main.py", "app/__init__.py+app/main.py", "app/api.py"]
)
def test_the_places_of_the_fastapi_command_line_are_found(
    grade_folder: Grade, tmp_path: Path, place: str
) -> None:
    for name in place.split("+"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(REFERENCE if "__init__" not in name else "")
    assert grade_folder(tmp_path, only=["AC2"]).passed


@pytest.mark.parametrize("name", ["api", "service"])
def test_the_only_application_is_found_by_any_name(grade_source: Grade, name: str) -> None:
    source = REFERENCE.replace("app = ", name + " = ").replace("@app.", f"@{name}.")
    assert grade_source(source, only=["AC2"]).passed


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_links_fifos_and_caches_are_not_taken_along(grade_folder: Grade, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "main.py").write_text("import os\nprint(sorted(os.listdir('.')))\n" + REFERENCE)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(str(folder / "pipe"))
    (folder / "__pycache__").mkdir()
    result = grade_folder(folder, only=["AC2"])
    assert result.passed
    assert "['main.py']" in result.console
    assert any("link.txt" in note for note in result.notes)


def test_a_folder_that_is_too_large_is_refused(
    grade_folder: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.service.scratch.MOST_BYTES", 1000)
    (tmp_path / "main.py").write_text("#" * 2000)
    with pytest.raises(UsageError, match="not a submission"):
        grade_folder(tmp_path)


def test_requirements_that_are_not_installed_are_named(grade_folder: Grade, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(REFERENCE)
    (tmp_path / "requirements.txt").write_text("fastapi\nno-such-package>=2  # why\n-r other\n")
    result = grade_folder(tmp_path, only=["AC2"])
    assert any("no-such-package" in note and "pip install -r" in note for note in result.notes)
    assert not any("fastapi" in note for note in result.notes)


def test_the_same_seed_sends_the_same_requests(grade_source: Grade) -> None:
    broken = REFERENCE.replace("2 *", "3 *")
    first, second = (grade_source(broken).criteria[0].checks[0] for _ in range(2))
    assert first.exchanges[-1].request == second.exchanges[-1].request


def test_services_that_are_apart_have_another_salt_and_end_alike(
    tmp_path: Path, launcher: Launcher
) -> None:
    """As two servers in production; they are closed with the others, and their time counts."""
    (tmp_path / "main.py").write_text(SALTED, encoding="utf-8")
    stage = Stage(launcher, tmp_path, import_path(), ())
    start = StartService(stage, LaunchOptions())
    try:
        one, like, apart = start(), start(), start(apart=True)
        salts = [service.get("/").json() for service in (one, like, apart)]
        assert salts[2] != salts[0]
        if isinstance(launcher, WarmLauncher):
            assert salts[1] == salts[0]
            assert launcher.apart() is launcher.apart()
    finally:
        start.end()
    assert eventually(lambda: not apart.alive)
