"""Naive bookings are caught every time, and right ones never: with real servers and no service."""

import contextlib
import threading
import time
from pathlib import Path
from typing import Callable, Iterator, List

import psycopg2
import pytest

from grader.database import stillness
from grader.database.commits import held_commits
from grader.database.examiner import Examiner
from grader.database.fixture import Database, Databases
from grader.database.race import NO_NEW_TABLES, RESTED_WITH_FEWER, Had, locks_on, run_race
from grader.database.timeline import WIDTH, Event, Watched, read_events, render
from grader.errors import CheckFailed

GUESTS = 8
ROUNDS = 5


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """A database with a table of slots, whose submission's statements are logged."""
    with Databases() as databases:
        made = databases.create(log_statements=True)
        with made.connect_as_submission() as connection, connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE time_slots (id integer PRIMARY KEY, is_booked boolean DEFAULT false,"
                " booked_by_email text)"
            )
        connection.close()
        yield made


@pytest.fixture
def examiner(database: Database) -> Iterator[Examiner]:
    """The examiner of a table with one free slot; the "service" is threads of this process."""
    made = Examiner(database, "time_slots", "id", ("id", "is_booked", "booked_by_email"))
    made.at_rest = lambda: True if stillness.known() else None
    with made.database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE public.time_slots; INSERT INTO public.time_slots VALUES (1)")
    connection.close()
    yield made
    made.close()


Booking = Callable[[psycopg2.extensions.connection, str], int]


def naive(connection: psycopg2.extensions.connection, guest: str) -> int:
    """Look, then write."""
    cursor = connection.cursor()
    cursor.execute("SELECT is_booked FROM time_slots WHERE id = 1")
    if cursor.fetchall()[0][0]:
        return 409
    cursor.execute(
        "UPDATE time_slots SET is_booked = true, booked_by_email = %s WHERE id = 1", (guest,)
    )
    connection.commit()
    return 200


def _look(connection: psycopg2.extensions.connection, guest: str, statement: str) -> int:
    cursor = connection.cursor()
    cursor.execute(statement)
    found = cursor.fetchall()
    if not found or found[0][0]:
        connection.rollback()
        return 409
    cursor.execute(
        "UPDATE time_slots SET is_booked = true, booked_by_email = %s WHERE id = 1", (guest,)
    )
    connection.commit()
    return 200


def row_lock(connection: psycopg2.extensions.connection, guest: str) -> int:
    """Look with a lock on the row."""
    return _look(connection, guest, "SELECT is_booked FROM time_slots WHERE id = 1 FOR UPDATE")


def skip_locked(connection: psycopg2.extensions.connection, guest: str) -> int:
    """A row that somebody else has locked is taken."""
    statement = "SELECT is_booked FROM time_slots WHERE id = 1 FOR UPDATE SKIP LOCKED"
    return _look(connection, guest, statement)


def no_wait(connection: psycopg2.extensions.connection, guest: str) -> int:
    """A row that somebody else has locked is an error, and taken."""
    try:
        statement = "SELECT is_booked FROM time_slots WHERE id = 1 FOR UPDATE NOWAIT"
        return _look(connection, guest, statement)
    except psycopg2.errors.LockNotAvailable:
        return 409


def atomic(connection: psycopg2.extensions.connection, guest: str) -> int:
    """One statement that looks and writes."""
    cursor = connection.cursor()
    cursor.execute(
        "UPDATE time_slots SET is_booked = true, booked_by_email = %s"
        " WHERE id = 1 AND NOT is_booked",
        (guest,),
    )
    connection.commit()
    return 200 if cursor.rowcount else 409


def try_advisory(connection: psycopg2.extensions.connection, guest: str) -> int:
    """Who does not get the advisory lock at once is told that the slot is taken."""
    cursor = connection.cursor()
    cursor.execute("SELECT pg_try_advisory_xact_lock(1)")
    if not cursor.fetchall()[0][0]:
        return 409
    return naive(connection, guest)


def serialisable(connection: psycopg2.extensions.connection, guest: str) -> int:
    """Look, then write, in a transaction that the database keeps apart from others."""
    connection.set_session(isolation_level="SERIALIZABLE")
    try:
        return naive(connection, guest)
    except psycopg2.errors.SerializationFailure:
        return 409


def _calls(database: Database, book: Booking) -> List[Callable[[], int]]:
    def call(number: int) -> int:
        connection = database.connect_as_submission()
        connection.autocommit = False
        try:
            return book(connection, f"guest{number}@example.org")
        finally:
            connection.close()

    return [lambda number=number: call(number) for number in range(GUESTS)]  # type: ignore[misc]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_naive_booking_is_caught_each_time(examiner: Examiner, _round: int) -> None:
    """Look, then write: more than one guest is told 200."""
    race = run_race(examiner, locks_on([examiner.place()]), _calls(examiner.database, naive))
    assert race.results.count(200) > 1


@pytest.mark.parametrize(
    "book", [row_lock, skip_locked, no_wait, atomic, try_advisory, serialisable]
)
def test_a_right_booking_passes_each_time(examiner: Examiner, book: Booking) -> None:
    """Whatever way it is done: one guest gets the slot."""
    for _ in range(ROUNDS):
        examiner.update(1, is_booked=False, booked_by_email=None)
        race = run_race(examiner, locks_on([examiner.place()]), _calls(examiner.database, book))
        assert sorted(race.results) == [200] + [409] * (GUESTS - 1)
        assert examiner.row(1)["booked_by_email"] == f"guest{race.results.index(200)}@example.org"


def test_a_lock_in_the_process_lets_the_race_end(examiner: Examiner) -> None:
    """Where the calls wait for one another, one alone stands at the gate: it opens by itself."""
    lock = threading.Lock()

    def guarded(connection: psycopg2.extensions.connection, guest: str) -> int:
        with lock:
            return naive(connection, guest)

    race = run_race(examiner, locks_on([examiner.place()]), _calls(examiner.database, guarded))
    assert race.results.count(200) == 1
    assert race.waiting == 1


def test_a_naive_booking_is_caught_beside_one_who_asks_all_the_time(examiner: Examiner) -> None:
    """A thread that polls the database keeps the gate from seeing rest, and nobody from it."""
    over = threading.Event()

    def poll() -> None:
        with contextlib.closing(examiner.database.connect_as_submission()) as connection:
            while not over.wait(0.02):
                connection.cursor().execute("SELECT 1")

    poller = threading.Thread(target=poll)
    poller.start()
    race = run_race(examiner, locks_on([examiner.place()]), _calls(examiner.database, naive))
    over.set()
    poller.join()
    assert race.results.count(200) > 1


def test_only_time_that_somebody_has_had_counts() -> None:
    """What was slept or worked, since somebody came; what was waited for a processor does not."""
    worked = [0.0]
    had = Had(lambda: worked[0])
    had.look(10.0, "nobody", rested=True, told=True)
    had.look(11.0, "nobody", rested=True, told=True)
    assert had.seconds == pytest.approx(1)
    worked[0] = 0.5
    had.look(15.0, "nobody", rested=False, told=True)
    assert had.seconds == pytest.approx(1.5)
    had.look(16.0, "one", rested=True, told=True)
    assert had.seconds == 0


def test_all_time_counts_where_nobody_can_tell() -> None:
    """Without the kernel's help."""
    had = Had(lambda: 0.0)
    had.look(10.0, "nobody", rested=False, told=False)
    had.look(11.0, "nobody", rested=False, told=False)
    assert had.seconds == pytest.approx(1)


def early_unlock(connection: psycopg2.extensions.connection, guest: str) -> int:
    """An advisory lock that is given up between the write and the commit."""
    cursor = connection.cursor()
    cursor.execute("SELECT pg_advisory_lock(1)")
    cursor.execute("SELECT is_booked FROM time_slots WHERE id = 1")
    if cursor.fetchall()[0][0]:
        return 409
    cursor.execute(
        "UPDATE time_slots SET is_booked = true, booked_by_email = %s WHERE id = 1", (guest,)
    )
    cursor.execute("SELECT pg_advisory_unlock(1)")
    connection.commit()
    return 200


def test_a_lock_given_up_before_the_commit_is_caught_each_time(examiner: Examiner) -> None:
    """The commits are held: the next one looks at what is not changed yet."""
    for _ in range(ROUNDS):
        examiner.update(1, is_booked=False, booked_by_email=None)
        with held_commits(examiner) as take:
            assert take  # in each round: nothing of the last one is left
            race = run_race(examiner, take, _calls(examiner.database, early_unlock))
        assert race.results.count(200) > 1


@pytest.mark.parametrize(
    "book", [row_lock, skip_locked, no_wait, atomic, try_advisory, serialisable]
)
def test_a_right_booking_passes_with_commits_held(examiner: Examiner, book: Booking) -> None:
    """Whatever way it is done: one guest gets the slot."""
    with held_commits(examiner) as take:
        race = run_race(examiner, take, _calls(examiner.database, book))
    assert take
    assert sorted(race.results) == [200] + [409] * (GUESTS - 1)


def test_the_gate_before_a_commit_is_made_though_the_table_is_taken_for_a_while(
    examiner: Examiner,
) -> None:
    """What another session holds for longer than a lock is waited for is no refusal."""
    with contextlib.closing(examiner.database.connect()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE public.time_slots IN ROW EXCLUSIVE MODE")
        lets_go = threading.Timer(3.5, lambda: cursor.execute("COMMIT"))
        lets_go.start()
        with held_commits(examiner) as take:
            assert take
        lets_go.join()


def test_a_gate_that_could_not_be_removed_is_no_obstacle_to_the_next(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is taken while the first is to go."""
    monkeypatch.setattr("grader.database.commits._TRIES", 1)
    with contextlib.closing(examiner.database.connect()) as other, other.cursor() as cursor:
        with held_commits(examiner) as take:
            assert take
            cursor.execute("BEGIN; LOCK TABLE public.time_slots IN ACCESS SHARE MODE")
        cursor.execute("COMMIT")
    with held_commits(examiner) as take:
        race = run_race(examiner, take, _calls(examiner.database, early_unlock))
    assert take
    assert race.results.count(200) > 1


@pytest.mark.skipif(not stillness.known(), reason="the kernel does not tell")
def test_a_gate_does_not_open_while_somebody_is_on_the_way(examiner: Examiner) -> None:
    """A call that computes for longer than the gate is patient still meets the other."""

    def slow(connection: psycopg2.extensions.connection, guest: str) -> int:
        if guest.startswith("guest1@"):
            until = time.monotonic() + 3 * RESTED_WITH_FEWER
            while time.monotonic() < until:
                pass
        return naive(connection, guest)

    calls = _calls(examiner.database, slow)[:2]
    assert run_race(examiner, locks_on([examiner.place()]), calls).results == [200, 200]


def test_a_commit_under_way_is_waited_for(examiner: Examiner) -> None:
    """What a service commits after its answer is there when the examiner looks."""
    connection = examiner.database.connect_as_submission()
    connection.autocommit = False
    connection.cursor().execute("UPDATE time_slots SET is_booked = true")
    examiner.at_rest = lambda: False
    late = threading.Timer(0.2, connection.commit)
    late.start()
    examiner.wait_until_idle()
    assert examiner.row(1)["is_booked"] is True
    connection.close()


@pytest.mark.skipif(not stillness.known(), reason="the kernel does not tell")
def test_a_transaction_left_open_is_waited_for_once(examiner: Examiner) -> None:
    """A service at rest that sits in a transaction does not hold the examiner up."""
    connection = examiner.database.connect_as_submission()
    connection.autocommit = False
    connection.cursor().execute("SELECT 1")
    began = time.monotonic()
    examiner.wait_until_idle()
    first = time.monotonic() - began
    for _ in range(20):
        examiner.wait_until_idle()
    assert time.monotonic() - began < 2 * first + 1
    connection.close()


def test_a_transaction_that_bars_the_gate_for_good_fails_the_race(
    database: Database, examiner: Examiner
) -> None:
    """Requests that met by chance alone would prove nothing."""
    with contextlib.closing(database.connect_as_submission()) as other:
        other.autocommit = False
        other.cursor().execute("LOCK TABLE time_slots IN ROW EXCLUSIVE MODE")
        with pytest.raises(CheckFailed, match="in a transaction that does not end"):
            run_race(examiner, locks_on([examiner.place()]), _calls(database, naive))


def test_the_timeline_shows_two_that_looked_before_either_wrote(examiner: Examiner) -> None:
    """Both look, both wait with their write, both are told 200."""
    calls = _calls(examiner.database, naive)
    race = run_race(examiner, locks_on([examiner.place()]), calls, "answer {}".format)
    lines = race.timeline.splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    released = next(i for i, line in enumerate(lines) if "all are let go on" in line)
    before = "\n".join(lines[:released])
    for name in "AB":
        assert f"  {name}  SELECT … FROM time_slots" in before
        assert f"  {name}  UPDATE time_slots SET is_booked = true" in before
    assert before.count("(waits)") == 2
    assert "answer 200" in "\n".join(lines[released:])


def test_a_gate_before_the_table_is_made(database: Database) -> None:
    """Two that make the same table meet after both have seen that it is not there."""
    with Databases(database.server) as databases:
        examiner = Examiner(databases.create(), "time_slots", "id", ("id",))

        def make() -> str:
            connection = examiner.database.connect_as_submission()
            try:
                connection.cursor().execute("CREATE TABLE time_slots (id integer)")
            except psycopg2.Error as error:
                return type(error).__name__
            finally:
                connection.close()
            return "made"

        race = run_race(examiner, NO_NEW_TABLES, [make, make])
        assert race.waiting == 2
        # Which of its catalogs PostgreSQL finds the other's table in is a matter of microseconds.
        (refused,) = set(race.results) - {"made"}
        assert refused in ("UniqueViolation", "DuplicateTable", "DuplicateObject")
        examiner.close()


def test_what_a_call_raises_comes_through_and_the_gate_opens(examiner: Examiner) -> None:
    """A service that hangs up does not leave a lock behind."""

    def broken() -> int:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        run_race(examiner, locks_on([examiner.place()]), [broken, broken])
    examiner.update(1, is_booked=True)


def test_statements_are_read_from_the_log(tmp_path: Path) -> None:
    """Those of several lines too; what says nothing of the table is left out."""
    log = tmp_path / "log"
    log.write_text(
        "1.000 [7] LOG:  statement: BEGIN\n"
        "1.001 [7] LOG:  statement: SELECT a,\n\tb\n\tFROM time_slots\n"
        "1.002 [8] LOG:  execute <unnamed>: UPDATE time_slots SET a = $1\n"
        "1.002 [8] DETAIL:  Parameters: $1 = '1'\n"
        "1.003 [9] ERROR:  no\n"
    )
    waiting = [Watched(1.1, 8, "UPDATE time_slots SET a = $1")]
    assert read_events(log, 0, waiting, "time_slots") == [
        Event(1.001, 7, "SELECT … FROM time_slots"),
        Event(1.002, 8, "UPDATE time_slots SET a = $1", waits=True),
    ]


def test_without_a_log_those_who_waited_are_shown() -> None:
    """On a server whose log cannot be read."""
    events = read_events(None, 0, [Watched(1.1, 8, "UPDATE time_slots " + "x" * 99)], "time_slots")
    line = render(events, 1.0).splitlines()[1]
    assert line.startswith("   100  A  UPDATE time_slots xxx")
    assert line.endswith("… (waits)")
    assert len(line) == WIDTH
