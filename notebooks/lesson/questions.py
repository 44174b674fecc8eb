"""The questions of the check-yourself cells. The truth is worked out where it can be."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict

from pydantic import TypeAdapter, ValidationError

from lesson.feedback import OPEN, RIGHT, WRONG, Feedback, compare


def is_accepted(field: Any, answers: Dict[Any, Any]) -> Feedback:
    """01: which values a field takes; pydantic itself is asked."""
    truth, why = {}, {}
    for value in answers:
        try:
            TypeAdapter(field).validate_python(value)
            truth[value], why[value] = True, "it is taken"
        except ValidationError as error:
            truth[value], why[value] = False, error.errors()[0]["msg"]
    shown = {value: repr(value) for value in answers}
    return compare(
        {shown[value]: answer for value, answer in answers.items()},
        {shown[value]: answer for value, answer in truth.items()},
        {shown[value]: text for value, text in why.items()},
    )


def validation_or_rule(answers: Dict[str, Any]) -> Feedback:
    """01: where validation ends and a business rule begins."""
    known = {
        "the date of birth is 31 February": ("validation", "no such day: this is no date"),
        "the customer is sixteen, and the shop sells wine": (
            "rule",
            "sixteen is a fine age; that it is too young for wine is the shop's decision",
        ),
        "the postcode is outside the area of delivery": (
            "rule",
            "the address is real, and the area may grow next year",
        ),
        "the quantity is -2": ("validation", "nobody can order that, whatever the shop decides"),
        "the order is larger than our stock": (
            "rule",
            "the order is complete; what to do about it depends on what is in stock today",
        ),
        "the field `email` is missing": ("validation", "there is nothing to decide about yet"),
    }
    return compare(
        answers,
        {question: true for question, (true, _) in known.items()},
        {question: why for question, (_, why) in known.items()},
    )


async def eight_jobs(answers: Dict[str, Any]) -> Feedback:
    """02: how long eight jobs of 0.1 seconds take together; measured, when there is an answer."""
    gather, loop = asyncio.gather, asyncio.get_running_loop()
    lock = asyncio.Lock()

    async def one_by_one() -> None:
        for _ in range(8):
            await asyncio.sleep(0.1)

    async def rude() -> None:
        time.sleep(0.1)

    async def locked() -> None:
        async with lock:
            await asyncio.sleep(0.1)

    async def pooled() -> None:
        with ThreadPoolExecutor(2) as pool:
            await gather(*(loop.run_in_executor(pool, time.sleep, 0.1) for _ in range(8)))

    ways = [
        (one_by_one, "each await goes on only when the one before it is done"),
        (lambda: gather(*(asyncio.sleep(0.1) for _ in range(8))), "all wait at the same time"),
        (
            lambda: gather(*(rude() for _ in range(8))),
            "tasks or not, the thread sleeps eight times",
        ),
        (pooled, "two at a time: four rounds"),
        (lambda: gather(*(locked() for _ in range(8))), "the lock lets one in after the other"),
    ]
    truth, why = {}, {}
    for question, (work, reason) in zip(answers, ways):
        if answers[question] is ...:
            truth[question], why[question] = 0.0, ""
            continue
        began = time.perf_counter()
        await work()
        truth[question] = time.perf_counter() - began
        why[question] = f"{truth[question]:.2f} s were measured just now; {reason}"
    return compare(
        answers, truth, why, same=lambda given, true: abs(given - true) < 0.08 + true / 4
    )


def which_status(answers: Dict[str, Any]) -> Feedback:
    """02: the status for a situation."""
    truth = dict(zip(answers, (202, 201, 204, 200, 404)))
    reasons = (
        "taken, not done, and it says where to ask",
        "something new is there now",
        "done, and the answer has no body",
        "the question was about the state, and the state is there; that the job runs is no error",
        "nobody knows this id",
    )
    return compare(answers, truth, dict(zip(answers, reasons)))


def one_statement(database: Any, statement: Any) -> Feedback:
    """03: a withdrawal in one statement; it is executed, alone and by two sessions at once."""
    from lesson.sessions import execute, play

    questions = (
        "80 in the account: 50 are taken, 30 stay",
        "40 in the account: nothing is taken",
        "two at the same moment, 80 in the account: one gets 50, 30 stay",
        "the other account is left alone",
    )
    if statement is ...:
        return Feedback([(OPEN, question) for question in questions])

    def balances(*steps: Any, first: int) -> Any:
        execute(
            database,
            "DROP TABLE IF EXISTS accounts",
            "CREATE TABLE accounts (id int PRIMARY KEY, balance int)",
            f"INSERT INTO accounts VALUES (1, {first}), (2, 500)",
        )
        events = play(database, steps)
        error = next((event.result for event in events if event.failed), None)
        return error or [
            row[0] for row in execute(database, "SELECT balance FROM accounts ORDER BY id")
        ]

    alone, both = [("A", statement)], [("A", "BEGIN"), ("B", "BEGIN"), ("A", statement)]
    both += [("B", statement), ("A", "COMMIT"), ("B", "COMMIT")]
    outcomes = (balances(*alone, first=80), balances(*alone, first=40), balances(*both, first=80))
    lines = []
    for question, outcome, left in zip(questions, outcomes, (30, 40, 30)):
        if isinstance(outcome, str):
            return Feedback([(WRONG, f"PostgreSQL says: {outcome}")])
        right = outcome[0] == left
        lines.append((RIGHT if right else WRONG, f"{question}. Left were {outcome[0]}."))
    others = [outcome[1] for outcome in outcomes]
    lines.append((RIGHT if others == [500] * 3 else WRONG, f"{questions[3]}: 500, then {others}."))
    return Feedback(lines)


def why_not(answers: Dict[str, Any]) -> Feedback:
    """03: what a booking that is not possible is called."""
    truth = {"2": 200, "1": 409, "777": 404, "'abc'": 422}
    why = {
        "2": "a row was changed: it is booked",
        "1": "the show is there and sold out: no row fits, and that is a conflict",
        "777": "there is no such show: no row fits either, so somebody has to look",
        "'abc'": "that is no number; it should be refused before the database is asked",
    }
    return compare(answers, truth, why)


def locker(function: Any) -> Feedback:
    """04: a hash to one of some lockers; tried for range, repetition, evenness, other processes."""
    import inspect
    import subprocess
    import sys

    from lesson.shares import chi_square

    wanted = ("numbers from 0 to lockers - 1", "the same in another process", "equally often")
    if function("ada", 7) is ...:
        return Feedback([(OPEN, text) for text in wanted])
    given = [function(f"user-{number}", 7) for number in range(10_000)]
    if not all(isinstance(one, int) and 0 <= one < 7 for one in given):
        odd = next(one for one in given if not (isinstance(one, int) and 0 <= one < 7))
        return Feedback([(WRONG, f"{wanted[0]}: of 7 lockers there is none {odd!r}")])
    lines = [(RIGHT, wanted[0])]

    program = "import hashlib, zlib, random, hmac\n" + inspect.getsource(function)
    program += f"\nprint([{function.__name__}(f'user-{{n}}', 7) for n in range(20)])"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    if done.returncode != 0:
        last = done.stderr.decode().strip().splitlines()[-1]
        lines.append((WRONG, f"{wanted[1]}: alone in a new process it raises {last}"))
    else:
        same = done.stdout.decode().strip() == str(given[:20])
        why = (
            ""
            if same
            else ": there the first twenty users get others; what differs from run to run?"
        )
        lines.append((RIGHT if same else WRONG, wanted[1] + why))
    counts = [given.count(number) for number in range(7)]
    chi = chi_square(counts, [len(given) / 7] * 7)
    even = chi < 30  # by chance once in 25,000 for six degrees of freedom
    lines.append((RIGHT if even else WRONG, f"{wanted[2]}: {counts}, chi-square {chi:.1f}"))
    return Feedback(lines)


def moved(points: Any, answers: Dict[str, Any]) -> Feedback:
    """04: what moves when weights change; counted."""
    import numpy as np

    before = np.digitize(points, [0.25, 0.5])
    after = (
        np.digitize(points, [0.5, 0.75]),
        np.digitize(points, [0.25, 0.75]),
        np.array([0, 2, 1])[np.digitize(points, [0.25, 0.75])],
    )
    truth = {name: float(np.mean(before != other)) for name, other in zip(answers, after)}
    reasons = (
        "both cuts move by a quarter, and what lies between old and new cut changes hands",
        "the first cut stays; only between the second's old and new place somebody moves",
        "the same weights, another order: the order in the file is a part of the decision, too",
    )
    why = {name: f"{truth[name]:.2f} were counted; {text}" for name, text in zip(answers, reasons)}
    return compare(answers, truth, why, same=lambda given, true: abs(given - true) < 0.02)


def fits(signed: bytes, answers: Dict[bytes, Any]) -> Feedback:
    """05: which bodies a signature fits; signed here."""
    import hmac
    import json

    def sign(body: bytes) -> str:
        return hmac.new(b"secret", body, "sha256").hexdigest()

    truth = {repr(body): sign(body) == sign(signed) for body in answers}
    why = {}
    for body in answers:
        meaning = "the same data" if json.loads(body) == json.loads(signed) else "other data"
        same = "the very same bytes" if body == signed else f"{meaning}, but other bytes"
        why[repr(body)] = f"{same}: {sign(body)[:8]}… against {sign(signed)[:8]}…"
    return compare({repr(body): answer for body, answer in answers.items()}, truth, why)


def guesses(answers: Dict[str, Any]) -> Feedback:
    """05: how many guesses a digit-by-digit attack needs."""
    truth = dict(zip(answers, (16 * 40, 256 * 32, 16**64)))
    reasons = (
        "each of the 40 digits is found by itself, with 16 guesses at the most",
        "each of the 32 bytes is found by itself, with 256 guesses at the most",
        "there is nothing to learn on the way, so it is all or nothing: 16**64",
    )
    return compare(answers, truth, dict(zip(answers, reasons)))
