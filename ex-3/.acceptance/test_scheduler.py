"""PROJ-103: the acceptance tests."""

import contextlib
import datetime
import re
from typing import Any, Dict, List, Optional, Sequence, Tuple

import pytest

from grader.acceptance import Call, Draw, Reply, Service, blocked, brief, criterion, require
from grader.acceptance.databases import DatabaseWindow
from grader.database.examiner import Refused
from grader.database.race import answers
from grader.database.rows import Row, first_difference
from grader.errors import CheckFailed

Shared = Tuple[Service, DatabaseWindow]
SLOTS = 16
GUESTS = 8
HALF_HOUR = datetime.timedelta(minutes=30)
DAY = datetime.timedelta(days=1)
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?([.,]\d+)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?"
)


# -- days -------------------------------------------------------------------------------------


def moment(draw: Draw, day: datetime.date) -> datetime.datetime:
    """A moment of a day that is on the same day nearly everywhere."""
    return datetime.datetime.combine(day, datetime.time(draw.integer(10, 11), draw.integer(0, 50)))


def weekday(draw: Draw, wanted: int) -> datetime.date:
    """A day on that weekday (0: Monday), at least four weeks from now, and not at a month's end.

    So a service that asks the database what day it is seeds another day, and is told apart from
    one that counts wrongly.
    """
    day = datetime.date.today() + datetime.timedelta(weeks=draw.integer(4, 40))
    day += (wanted - day.weekday()) % 7 * DAY
    while day.day > 25:
        day += 7 * DAY
    return day


def thursday_before_a_leap_day(draw: Draw) -> datetime.date:
    """A Thursday, as not each day from Monday to Thursday is followed by a Friday."""
    return datetime.date(2036, 2, 28)


def friday_of_week_52(draw: Draw) -> datetime.date:
    """A Friday in a year that has a week 53."""
    return datetime.date.fromisocalendar(draw.choice([2032, 2037]), 52, 5)


def friday_at_a_months_end(draw: Draw) -> datetime.date:
    """A Friday that is the last day of a month, not the year's: its Monday is in the next."""
    last = (datetime.date.today() + draw.integer(60, 300) * DAY).replace(day=1) - DAY
    while last.weekday() != 4 or last.month == 12:
        last = (last + 32 * DAY).replace(day=1) - DAY
    return last


def last_of_year(draw: Draw) -> datetime.date:
    """A 31 December, not this year's, if the next day is a business day (there are no holidays)."""
    this = datetime.date.today().year
    days = [datetime.date(this + ahead, 12, 31) for ahead in range(1, 9)]
    return draw.choice([day for day in days if day.weekday() < 4])


DAYS = {
    "Thursday": thursday_before_a_leap_day,
    "Friday": friday_of_week_52,
    "Saturday": lambda draw: weekday(draw, 5),
    "Sunday": lambda draw: weekday(draw, 6),
    "end of a month": friday_at_a_months_end,
    "end of a year": last_of_year,
}


def next_business_day(day: datetime.date) -> datetime.date:
    """The first of Monday to Friday after ``day``."""
    day += DAY
    while day.weekday() > 4:
        day += DAY
    return day


def told(day: datetime.date) -> str:
    """A day as people read it."""
    return f"{day:%A} {day.isoformat()}"


# -- rows -------------------------------------------------------------------------------------


# What the columns hold, and how the ticket calls it; the address may be null.
COLUMNS: Dict[str, Tuple[type, str]] = {
    "id": (int, "an integer"),
    "start_time": (datetime.datetime, "a timestamp"),
    "end_time": (datetime.datetime, "a timestamp"),
    "is_booked": (bool, "true or false, and false where nothing else is said"),
}


def stored(window: DatabaseWindow) -> List[Row]:
    """The rows, if they hold what the ticket says.

    A service may commit after it has answered: one that is still in a transaction is waited for.
    """
    window.table.wait_until_idle()
    rows = window.table.rows()
    for row in rows:
        for name, (kind, wanted) in COLUMNS.items():
            require(
                isinstance(row[name], kind),
                f"The column {name} of time_slots holds {brief(row[name], 100)}; the ticket asks "
                f"for {wanted}.",
            )
    return rows


def free(rows: Sequence[Row]) -> List[Row]:
    """The rows that are not booked."""
    return [row for row in rows if row["is_booked"] is False]


def free_slots(window: DatabaseWindow, service: Service, draw: Draw, count: int) -> List[Row]:
    """``count`` free slots to book, drawn from those that the service seeded."""
    is_there = window.table.exists()
    rows = free(stored(window)) if is_there else []
    if len(rows) < count:
        # A service that has not even begun to answer fails here; one that lacks slots is blocked.
        service.send(booking(1, draw.email())).expect(200, 404, 409)
        lack = f"time_slots has {len(rows)} free slots" if is_there else "there is no time_slots"
        blocked("AC1", f"After the start {lack}; this check needs {count}.")
    return draw.sample(rows, count)


def unchanged(window: DatabaseWindow, before: Sequence[Row], when: str) -> None:
    """Fail unless the table is as it was."""
    difference = first_difference(before, stored(window), "id")
    require(difference is None, f"{when}: {difference}. No row of time_slots was to change.")


def booked(window: DatabaseWindow, before: Sequence[Row], bookings: Dict[int, str]) -> None:
    """Fail unless just these slots have been booked by these addresses, and nothing else."""
    wanted = [
        {**row, "is_booked": True, "booked_by_email": bookings[row["id"]]}
        if row["id"] in bookings
        else row
        for row in before
    ]
    known = {row["id"] for row in before}  # rows that a later start adds are AC1's matter
    now = [row for row in stored(window) if row["id"] in known]
    for row in now:
        if row["id"] in bookings:
            holder = (row["is_booked"], row["booked_by_email"])
            require(
                holder == (True, bookings[row["id"]]),
                f"Slot {row['id']} was booked by {bookings[row['id']]}, but its row says is_booked "
                f"{row['is_booked']}, booked_by_email {row['booked_by_email']}.",
            )
    difference = first_difference(wanted, now, "id")
    require(
        difference is None,
        f"After booking slot {', '.join(map(str, bookings))}: {difference}. Only is_booked and "
        "booked_by_email of the booked row were to change.",
    )


# -- requests ---------------------------------------------------------------------------------


def booking(slot: Any, email: str) -> Call:
    """A request to book a slot."""
    return Call("POST", "/book", json={"slot_id": slot, "email": email})


def book(service: Service, slot: int, email: str) -> Reply:
    """Send a booking."""
    return service.send(booking(slot, email))


def available(service: Service) -> List[Dict[str, Any]]:
    """The answer to GET /availability, as a list of objects."""
    items = service.get("/availability").expect(200).array()
    for item in items:
        require(
            isinstance(item, dict) and {"id", "start_time", "end_time"} <= set(item),
            f"An item of GET /availability lacks id, start_time or end_time: {str(item)[:200]}",
        )
    return items


def instant(value: Any) -> Optional[datetime.datetime]:
    """An ISO 8601 time in UTC, without a zone; None if it is none."""
    match = _ISO.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    day, minute, second, fraction, _, sign, hours, minutes = match.groups()
    try:
        read = datetime.datetime.strptime(f"{day}T{minute}{second or ':00'}", "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return None
    if fraction and int(fraction[1:]):
        read += datetime.timedelta(seconds=float("0." + fraction[1:]))
    if sign:
        offset = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0))
        read += -offset if sign == "+" else offset
    return read


def check_available(service: Service, rows: Sequence[Row]) -> None:
    """Fail unless GET /availability gives exactly the free ones of these rows, in order."""
    expected = sorted(free(rows), key=lambda row: row["start_time"])
    items = available(service)
    got, wanted = [item["id"] for item in items], [row["id"] for row in expected]
    for slot in got:
        require(
            not isinstance(slot, str),
            f"GET /availability gives the id {brief(slot, 100)}, a string; in time_slots the id is "
            "an integer.",
        )
    if sorted(got, key=str) != sorted(wanted, key=str):
        raise CheckFailed(
            f"GET /availability gave {len(got)} slots; in the database {len(wanted)} are free. "
            f"{wrong_slots(got, expected)}"
        )
    require(
        got == wanted,
        f"GET /availability gave the slots in the order {got}; in the order of their start they "
        f"are {wanted}.",
    )
    for item, row in zip(items, expected):
        for name in ("start_time", "end_time"):
            require(
                instant(item[name]) == row[name],
                f"GET /availability says {name} {item[name]!r} for slot {row['id']}; its row says "
                f"{row[name].isoformat()} (ISO 8601 was asked for).",
            )


def wrong_slots(got: Sequence[Any], expected: Sequence[Row]) -> str:
    """Which slots are missing from an answer and which should not be in it, in words."""
    missing = [row for row in expected if row["id"] not in got]
    wanted = [row["id"] for row in expected]
    extra = [slot for slot in got if slot not in wanted]
    told = []
    if missing:
        ids, start = [row["id"] for row in missing], missing[0]["start_time"]
        first = "which" if len(ids) == 1 else "the first of which"
        told.append(f"It lacks {brief(ids, 80)}, {first} starts at {start.isoformat()}.")
    if extra:
        told.append(f"It gave {brief(extra, 80)}, not free there.")
    return " ".join(told) or f"It gave some of them more than once: {brief(got, 80)}."


# -- AC1 --------------------------------------------------------------------------------------


def check_seed(
    rows: Sequence[Row],
    today: datetime.date,
    others: Sequence[datetime.date],
    after: str = "After the first start",
) -> None:
    """Fail unless the rows are the slots of the business day after today (or one of others)."""
    require(
        len(rows) == SLOTS,
        f"{after} time_slots has {len(rows)} rows; the ticket asks for sixteen.",
    )
    require(len(free(rows)) == len(rows), "Of the slots that were seeded some are booked.")
    slots = sorted((row["start_time"], row["end_time"]) for row in rows)
    day = slots[0][0].date()
    wanted = next_business_day(today)
    require(
        day in {wanted, *map(next_business_day, others)},
        f"Today was {told(today)}, and the first slot is on {told(day)}; the next business day is "
        f"{told(wanted)}.",
    )
    begin = datetime.datetime.combine(day, datetime.time(9))
    for number, (start, end) in enumerate(slots):
        expected = begin + number * HALF_HOUR
        require(
            (start, end) == (expected, expected + HALF_HOUR),
            f"Slot number {number + 1} is from {start} to {end}; the ticket asks for "
            f"{expected} to {expected + HALF_HOUR}.",
        )


@pytest.mark.parametrize("kind", list(DAYS))
@criterion("AC1")
def test_the_first_start_seeds_the_next_business_day(
    window: DatabaseWindow, draw: Draw, kind: str
) -> None:
    """The first start on an empty database seeds the next business day."""
    today = moment(draw, DAYS[kind](draw))
    before = window.table.today()
    window.start(clock=today)
    check_seed(stored(window), today.date(), [before, window.table.today()])


@criterion("AC1")
def test_a_second_start_adds_nothing(window: DatabaseWindow, draw: Draw) -> None:
    """A start on the same day leaves the slots as they are."""
    service = window.start()
    before = stored(window)
    require(before, "After the first start time_slots has no rows; the ticket asks for sixteen.")
    service.restart()
    unchanged(window, before, "After a second start")


@pytest.mark.parametrize("state", ["some booked", "all booked"])
@criterion("AC1")
def test_a_table_with_rows_is_left_alone(window: DatabaseWindow, draw: Draw, state: str) -> None:
    """A start on a later day leaves a table with rows as it is."""
    today = moment(draw, weekday(draw, draw.integer(0, 3)))
    window.start(clock=today).stop()
    rows = stored(window)
    require(rows, "After the first start time_slots has no rows; the ticket asks for sixteen.")
    kept = draw.sample(rows, min(len(rows), draw.integer(2, 4)))
    with contextlib.suppress(Refused):  # another table of the learner's own may refer to them
        window.table.delete([row["id"] for row in rows if row not in kept])
    for row in kept if state == "all booked" else kept[:1]:
        window.table.update(row["id"], is_booked=True, booked_by_email=draw.email())
    if state == "all booked":
        with contextlib.suppress(Refused):  # a rule of the learner's own may ask for an address
            window.table.update(kept[-1]["id"], booked_by_email=None)
    before = stored(window)
    window.start(clock=today + draw.integer(1, 20) * DAY)
    unchanged(window, before, f"A start on a table with {len(before)} rows, {state}")


@criterion("AC1")
def test_a_table_that_is_empty_is_seeded(window: DatabaseWindow, draw: Draw) -> None:
    """A start on a table that is there and empty seeds it, as the first start did."""
    today = moment(draw, weekday(draw, draw.integer(0, 3)))
    window.start(clock=today).stop()
    require(stored(window), "After the first start time_slots has no rows; sixteen were asked for.")
    try:
        window.table.delete_all()
    except Refused:  # another table of the learner's own may refer to the rows
        return
    later = today + 7 * draw.integer(1, 3) * DAY
    before = window.table.today()
    window.start(clock=later)
    after = "After a start on a table that was there and empty"
    check_seed(stored(window), later.date(), [before, window.table.today()], after)


# -- AC2 --------------------------------------------------------------------------------------


@criterion("AC2")
def test_every_free_slot_is_shown(shared: Shared, draw: Draw) -> None:
    """A fresh service shows all slots, in order, with their times."""
    service, window = shared
    available(service)
    free_slots(window, service, draw, 2)
    check_available(service, stored(window))


@criterion("AC2")
def test_changes_in_the_database_show(shared: Shared, draw: Draw) -> None:
    """A slot that somebody else books or frees in the database goes and comes back."""
    service, window = shared
    available(service)
    chosen = free_slots(window, service, draw, 3)
    for row in chosen:
        window.table.update(row["id"], is_booked=True, booked_by_email=draw.email())
        check_available(service, stored(window))
    with contextlib.suppress(Refused):  # a rule of the learner's own may ask for an address
        window.table.update(chosen[0]["id"], booked_by_email=None)
    check_available(service, stored(window))
    window.table.update(chosen[0]["id"], booked_by_email=draw.email())
    with contextlib.suppress(Refused):  # a rule of the learner's own may forbid to free a slot
        window.table.update(chosen[1]["id"], is_booked=False, booked_by_email=None)
    check_available(service, stored(window))


@criterion("AC2")
def test_the_order_is_that_of_the_start(shared: Shared, draw: Draw) -> None:
    """Slots are in order of their start, whatever their ids, also those that are long past."""
    service, window = shared
    available(service)
    later, earlier = free_slots(window, service, draw, 2)
    for row, days in ((later, 7), (earlier, -7 * draw.integer(60, 100))):
        window.table.update(
            row["id"],
            start_time=row["start_time"] + days * DAY,
            end_time=row["end_time"] + days * DAY,
        )
    check_available(service, stored(window))


@criterion("AC2")
def test_a_slot_that_is_shorter(shared: Shared, draw: Draw) -> None:
    """A slot whose end somebody else has moved shows the end that its row has."""
    service, window = shared
    available(service)
    (row,) = free_slots(window, service, draw, 1)
    # Whole minutes: who writes a time without its seconds is no worse for slots of half an hour.
    shorter = datetime.timedelta(minutes=draw.integer(5, 25))
    with contextlib.suppress(Refused):  # a rule of the learner's own may ask for half an hour
        window.table.update(row["id"], end_time=row["end_time"] - shorter)
    check_available(service, stored(window))


@criterion("AC2")
def test_many_slots_are_all_shown(shared: Shared, draw: Draw) -> None:
    """When somebody else has added the slots of more days all are shown."""
    service, window = shared
    available(service)
    free_slots(window, service, draw, 1)
    rows = stored(window)
    added = more_days(rows, 7)
    try:
        window.table.insert(added)
    except Refused:  # a column of the learner's own may have no default
        return
    check_available(service, stored(window))
    with contextlib.suppress(Refused):
        window.table.delete([row["id"] for row in added])


def more_days(rows: Sequence[Row], days: int) -> List[Row]:
    """Free slots on the days after the last of these rows."""
    last = max(row["start_time"] for row in rows).date()
    nine = datetime.datetime.combine(last, datetime.time(9))
    starts = [nine + (1 + n // SLOTS) * DAY + n % SLOTS * HALF_HOUR for n in range(days * SLOTS)]
    return [
        {
            "id": number,
            "start_time": start,
            "end_time": start + HALF_HOUR,
            "is_booked": False,
            "booked_by_email": None,
        }
        for number, start in enumerate(starts, 1 + max(row["id"] for row in rows))
    ]


@criterion("AC2")
def test_when_all_are_booked_there_are_none(window: DatabaseWindow, draw: Draw) -> None:
    """When somebody else has booked every slot the array is empty."""
    service = window.start()
    available(service)
    free_slots(window, service, draw, 1)
    for row in free(stored(window)):
        window.table.update(row["id"], is_booked=True, booked_by_email=draw.email())
    check_available(service, stored(window))


# -- AC3 --------------------------------------------------------------------------------------


@criterion("AC3")
def test_a_booking_is_kept(window: DatabaseWindow, draw: Draw) -> None:
    """Booked slots: 200, in the row, gone from /availability, also after a restart.

    The last is booked by the one who booked the first; the other's domain has a longer ending.
    """
    service = window.start()
    bookings: Dict[int, str] = {}
    chosen = free_slots(window, service, draw, 3)
    domain = f"{draw.word()}-{draw.word()}.{draw.choice(['info', 'tech'])}"
    emails = [draw.email(), draw.email(domain)]
    before = stored(window)
    for row, email in zip(chosen, [*emails, emails[0]]):
        again = email in bookings.values()
        bookings[row["id"]] = email
        why = "the slot was free" + ", and one person may book several" * again
        book(service, row["id"], email).expect(200, why=why).json()
        booked(window, before, bookings)
        gone(service, bookings)
    service.restart()
    booked(window, before, bookings)
    gone(service, bookings)


@criterion("AC3")
def test_a_slot_that_was_added_later(window: DatabaseWindow, draw: Draw) -> None:
    """A free slot that somebody else has added is booked like any other."""
    service = window.start()
    free_slots(window, service, draw, 1)
    added = draw.choice(more_days(stored(window), 1))
    try:
        window.table.insert([added])
    except Refused:  # a column of the learner's own may have no default
        return
    slot, email = added["id"], draw.email()
    before = stored(window)
    book(service, slot, email).expect(200, why="the slot was free, as somebody else added it")
    booked(window, before, {slot: email})


@criterion("AC3")
def test_a_slot_that_was_freed_again(window: DatabaseWindow, draw: Draw) -> None:
    """A slot that somebody else booked and freed again is booked like any other."""
    service = window.start()
    (row,) = free_slots(window, service, draw, 1)
    slot, email = row["id"], draw.email()
    window.table.update(slot, is_booked=True, booked_by_email=draw.email())
    if book(service, slot, email).status != 409:
        return  # that is AC4's, and what was booked through the service is never freed
    try:
        window.table.update(slot, is_booked=False, booked_by_email=None)
    except Refused:  # a rule of the learner's own may forbid to free a slot
        return
    before = stored(window)
    why = "the slot was free, as somebody else had booked it and freed it again"
    book(service, slot, email).expect(200, why=why)
    booked(window, before, {slot: email})


def gone(service: Service, bookings: Dict[int, str]) -> None:
    """Fail if a booked slot still shows."""
    shown = [item["id"] for item in available(service)]
    still = [slot for slot in bookings if slot in shown]
    require(not still, f"Slot {still} is booked, and GET /availability still shows it.")


# -- AC4 --------------------------------------------------------------------------------------


@criterion("AC4")
def test_a_slot_that_is_booked_in_the_database(shared: Shared, draw: Draw) -> None:
    """A slot that somebody else has booked in the database gives 409."""
    service, window = shared
    (row,) = free_slots(window, service, draw, 1)
    window.table.update(row["id"], is_booked=True, booked_by_email=draw.email())
    refused(window, service, row["id"], draw.email())


@criterion("AC4")
def test_a_slot_that_is_booked_without_an_address(shared: Shared, draw: Draw) -> None:
    """A slot that is booked in the database, with no address, gives 409."""
    service, window = shared
    (row,) = free_slots(window, service, draw, 1)
    try:
        window.table.update(row["id"], is_booked=True, booked_by_email=None)
    except Refused:
        return  # a rule of the learner's own may ask for an address
    why = f"the row of slot {row['id']} says is_booked true, and has no address"
    refused(window, service, row["id"], draw.email(), why)


@criterion("AC4")
def test_a_slot_that_is_booked_twice(window: DatabaseWindow, draw: Draw) -> None:
    """The second booking gives 409, also by the same person and after a restart."""
    service = window.start()
    (row,) = free_slots(window, service, draw, 1)
    first = draw.email()
    if book(service, row["id"], first).status != 200:
        blocked("AC3", f"Booking the free slot {row['id']} did not give 200.")
    refused(window, service, row["id"], draw.email())
    refused(window, service, row["id"], first)
    service.restart()
    refused(window, service, row["id"], draw.email())


def refused(window: DatabaseWindow, service: Service, slot: int, email: str, why: str = "") -> None:
    """Fail unless a booking gives 409 and changes nothing."""
    before = stored(window)
    book(service, slot, email).expect(409, why=why or f"slot {slot} was booked before")
    unchanged(window, before, f"After a booking of slot {slot} that gave 409")


# -- AC5 --------------------------------------------------------------------------------------


@criterion("AC5")
def test_an_unknown_slot(shared: Shared, draw: Draw) -> None:
    """A slot_id that no row has gives 404."""
    service, window = shared
    rows = stored(window) if window.table.exists() else []
    known = [row["id"] for row in rows]
    unknown = {max(known, default=0) + draw.integer(1, 9999): "no row has this id"}
    if 999_999 not in known:
        unknown[999_999] = "no row has this id"
    never_booked = [row["id"] for row in free(rows)]
    if len(never_booked) > 1:
        # Of a booked one the service may remember more than the database does.
        slot = draw.choice(never_booked)
        with contextlib.suppress(Refused):  # another table of the learner's own may refer to it
            window.table.delete([slot])
            unknown[slot] = "its row was deleted"
    for slot, reason in unknown.items():
        why = f"there is no slot {slot}, {reason}"
        book(service, slot, draw.email()).expect(404, why=why)
    if rows:
        unchanged(window, [r for r in rows if r["id"] not in unknown], "After a booking with 404")


@criterion("AC5")
def test_a_slot_id_that_is_no_number(shared: Shared, draw: Draw) -> None:
    """A slot_id like "abc" gives 422."""
    service, _ = shared
    for slot in ("abc", draw.word()):
        service.send(booking(slot, draw.email())).expect(422, why="slot_id is to be an integer")


# -- AC6 and WORKERS --------------------------------------------------------------------------


def told_200(reply: Reply) -> str:
    """What the timeline says of an answer."""
    return "a request is answered 200" if reply.status == 200 else ""


def one_wins(window: DatabaseWindow, services: Sequence[Service], draw: Draw) -> None:
    """Fail unless of many bookings of one slot one gets 200, the rest 409, and the row is right.

    Twice: the first to write is held until the others have come as far as they can, and then, for
    another slot, the first to commit.
    """
    rows = free_slots(window, services[0], draw, 2)
    for row, at_commit in zip(rows, (False, True)):
        one_wins_the(row, window, services, draw, at_commit)


def one_wins_the(
    row: Row, window: DatabaseWindow, services: Sequence[Service], draw: Draw, at_commit: bool
) -> None:
    """One round of it."""
    before = stored(window)
    emails = [f"{draw.token(4).lower()}.{draw.email()}" for _ in range(GUESTS)]
    calls = [booking(row["id"], email) for email in emails]
    result = window.race(services, calls, told_200, at_commit)
    statuses = [reply.status for reply in result.results]
    require(
        sorted(statuses) == [200] + [409] * (GUESTS - 1),
        f"{GUESTS} bookings of slot {row['id']} came at the same moment and were answered "
        f"{answers(statuses)}; the ticket asks for 200 once and 409 for all others.\n\n"
        f"{result.timeline}",
        shown_by=neither_won_nor_lost(result.results),
    )
    booked(window, before, {row["id"]: emails[statuses.index(200)]})


def neither_won_nor_lost(replies: Sequence[Reply]) -> Optional[Reply]:
    """Of the answers to bookings of one slot the first that may not be there."""
    others = [reply for reply in replies if reply.status not in (200, 409)]
    won = [reply for reply in replies if reply.status == 200]
    return next(iter(others + won[1:]), None)


def all_win(window: DatabaseWindow, services: Sequence[Service], draw: Draw) -> None:
    """Fail unless bookings of different slots at the same moment all get 200."""
    rows = free_slots(window, services[0], draw, GUESTS)
    before = stored(window)
    bookings = {row["id"]: draw.email() for row in rows}
    result = window.race(services, [booking(*item) for item in bookings.items()], told_200)
    statuses = [reply.status for reply in result.results]
    require(
        set(statuses) == {200},
        f"Bookings of {GUESTS} different free slots came at the same moment and were answered "
        f"{answers(statuses)}; the ticket asks for 200 for each.\n\n{result.timeline}",
        shown_by=next((reply for reply in result.results if reply.status != 200), None),
    )
    booked(window, before, bookings)


@criterion("AC6")
def test_one_slot_is_booked_once(raced_window: DatabaseWindow, draw: Draw) -> None:
    """Many bookings of one slot at the same moment: one gets it."""
    one_wins(raced_window, [raced_window.start()], draw)


@criterion("AC6")
def test_different_slots_are_all_booked(raced_window: DatabaseWindow, draw: Draw) -> None:
    """Bookings of different slots at the same moment: all get theirs."""
    all_win(raced_window, [raced_window.start()], draw)


@criterion("WORKERS")
def test_two_processes_book_one_slot_once(raced_window: DatabaseWindow, draw: Draw) -> None:
    """Many bookings of one slot, spread over two processes: one gets it."""
    one_wins(raced_window, [raced_window.start(), raced_window.start(apart=True)], draw)


@criterion("WORKERS")
def test_two_processes_book_different_slots(raced_window: DatabaseWindow, draw: Draw) -> None:
    """Bookings of different slots, spread over two processes: all get theirs."""
    all_win(raced_window, [raced_window.start(), raced_window.start(apart=True)], draw)


AT_COMMIT = "an empty table, up to the commit"


@pytest.mark.parametrize("state", ["an empty database", "an empty table", AT_COMMIT])
@criterion("WORKERS")
def test_two_processes_seed_once(window: DatabaseWindow, state: str) -> None:
    """Two processes that start at the same moment seed the slots once."""
    if state != "an empty database":
        window.start().stop()
        if window.table.exists():
            with contextlib.suppress(Refused):  # then there are sixteen already, and stay so
                window.table.delete_all()
    try:
        window.start_both(at_commit=state == AT_COMMIT)
    except CheckFailed as failure:
        raise CheckFailed(
            f"Two processes were started at the same moment on {state}, and one did not come up: "
            f"{failure}"
        ) from None
    state = state.split(",", maxsplit=1)[0]
    starts = [row["start_time"] for row in stored(window)]
    if not starts:
        blocked("AC1", "The service seeded no slots.")
    require(
        len(starts) == len(set(starts)),
        f"Two processes were started at the same moment on {state}: time_slots has {len(starts)} "
        f"rows, with {len(set(starts))} different times.",
    )


# -- RECONNECT --------------------------------------------------------------------------------


@criterion("RECONNECT")
def test_the_service_outlives_its_connections(window: DatabaseWindow, draw: Draw) -> None:
    """After the database has ended the service's connections the next requests succeed."""
    service = window.start()
    rows = free_slots(window, service, draw, 3)
    if service.get("/availability").status != 200:
        blocked("AC2", "GET /availability does not give 200.")
    # So that it holds several connections. Whether it has one for each is not asked for here.
    service.together([Call("GET", "/availability")] * 4)
    if book(service, rows[0]["id"], draw.email()).status != 200:
        blocked("AC3", "Booking a free slot does not give 200.")
    why = "the database had ended the connections just before"
    window.table.drop_connections()
    for _ in range(4):
        service.send(Call("GET", "/availability"), own_connection=True).expect(200, why=why)
    for row in rows[1:]:
        window.table.drop_connections()
        call = booking(row["id"], draw.email())
        service.send(call, own_connection=True).expect(200, why=why)
