"""Acceptance tests of PROJ-105: a webhook that is signed."""

import base64
import hashlib
import hmac
import json
import re
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Union

import pytest

from grader.acceptance import (
    Call,
    Draw,
    Reply,
    Service,
    ServiceDidNotStart,
    StartService,
    blocked,
    brief,
    criterion,
    observations,
    require,
)
from grader.acceptance.submission_source import read_source
from grader.errors import CheckFailed
from grader.service.console import Console

PATH = "/webhooks/crm"
VARIABLE = "CRM_WEBHOOK_SECRET"
DEFAULT = "dev-webhook-secret"
LARGEST = 1024 * 1024
HEX = "0123456789abcdef"
EVENTS = ("contact.updated", "deal.won", "invoice.paid", "ping")

# "Within two seconds of the answer", and a second for a machine that is busy.
CONSOLE_SECONDS = 3.0

# Somebody who knows the URL and not the secret must not be able to lock the sender out.
WRONG_BEFORE = 12

# What uvicorn writes by itself is no message of the service's own.
UVICORNS = re.compile(
    r"(INFO: +(Started server process|Waiting for application startup|Application startup complete"
    r"|Uvicorn running on|Waiting for )|WARNING: +Invalid HTTP request)"
)

Signature = Union[str, bytes, None]


# -- requests -------------------------------------------------------------------------------------


def message(draw: Draw, event: str = "") -> Dict[str, Any]:
    """What a CRM tells: an event, with an id that no other has."""
    told = event or draw.choice(EVENTS)
    return {"event": told, "id": draw.token(16), "name": draw.first_name()}


def plain(draw: Draw, event: str = "") -> bytes:
    """A body in the most usual form: what `json.dumps` makes."""
    return json.dumps(message(draw, event)).encode()


def sign(body: bytes, secret: str = DEFAULT) -> str:
    """The right signature of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def other_digit(signature: str, position: int) -> str:
    """The signature with another hex digit at one position, far from the old one."""
    digit = HEX[(HEX.index(signature[position]) + 8) % 16]
    return signature[:position] + digit + signature[position + 1 :]


def send(service: Service, content: Any, signature: Signature) -> Reply:
    """Send a body, as bytes or in chunks, with a signature or without.

    On a connection of its own: a server may close one after it has refused a body or failed.
    """
    headers: Dict[str, Union[str, bytes]] = {"Content-Type": "application/json"}
    if signature is not None:
        headers["X-CRM-Signature"] = signature
    call = Call("POST", PATH, headers=headers, content=content)
    return service.send(call, own_connection=True)


def deliver(service: Service, body: bytes, secret: str = DEFAULT) -> Reply:
    """Send a body with its right signature."""
    return send(service, body, sign(body, secret))


def accepted(reply: Reply) -> bool:
    """Whether a request was let in. Which status that has is AC1's to say."""
    return 200 <= reply.status < 300


def require_accepted(reply: Reply, why: str) -> None:
    """The request was let in."""
    if not accepted(reply):
        reply.expect(202, why=why)


def require_refused(reply: Reply, why: str) -> None:
    """The request was not let in. Which status that has is AC2's to say."""
    if not 400 <= reply.status < 500:
        reply.expect(403, why=why)


def require_working(service: Service, draw: Draw) -> None:
    """An ordinary request with the right signature is let in.

    Where the service does not do its work at all, that is the failure; where it takes the right
    signature for a wrong one, AC1 says so, and there is nothing to try here.
    """
    reply = deliver(service, plain(draw))
    if reply.status in (404, 405, 501):
        reply.expect(202, why="the signature is right")
    if reply.status == 413:
        blocked("LIMIT", "An ordinary request, whose body is small, gave 413.")
    if not accepted(reply):
        blocked("AC1", f"An ordinary request with the right signature gave {reply.status}.")


# -- AC1 ------------------------------------------------------------------------------------------


@criterion("AC1")
def test_a_right_signature_gives_202(service: Service, draw: Draw) -> None:
    """A request with the right signature gives 202."""
    for _ in range(3):
        deliver(service, plain(draw)).expect(202, why="the signature is right")


@criterion("AC1")
def test_the_answer_says_received(service: Service, draw: Draw) -> None:
    """The answer is {"status": "received"}."""
    reply = deliver(service, plain(draw))
    require_accepted(reply, "the signature is right")
    require_received(reply)


def require_received(reply: Reply, which: str = "") -> None:
    """The answer says what the ticket asks for."""
    status = reply.object().get("status")
    require(
        status == "received",
        f'The answer{which} has the status {brief(status)}; the ticket asks for "received".',
    )


@criterion("AC1")
def test_the_console_gets_a_line(service: Service, draw: Draw) -> None:
    """A line of the service's own is written to the console for each such request."""
    body = plain(draw, EVENTS[0])
    for which in ("", " that came before"):
        require_its_line(service, body, which)


@criterion("AC1")
def test_the_console_gets_a_line_for_any_event(service: Service, draw: Draw) -> None:
    """A line of the service's own is written to the console whatever the event is."""
    for event in EVENTS[1:]:
        require_its_line(service, plain(draw, event), f' (its event: "{event}")')


def require_its_line(service: Service, body: bytes, which: str) -> None:
    """A rightly signed request is accepted, and something is written for it."""
    mark = service.console.mark()
    require_accepted(deliver(service, body), "the signature is right")
    require_a_line(service, mark, which)


def require_a_line(service: Service, mark: int, which: str) -> None:
    """Something was written for a request that was accepted."""
    require(
        wrote_a_line(service, mark),
        f"A request with the right signature{which} was accepted, and the service wrote nothing of "
        "its own to its standard output or error within two seconds; the ticket asks for a message "
        "for each such request. (What it wrote for earlier ones does not count for this one.)",
    )


def wrote_a_line(service: Service, mark: int) -> bool:
    """Wait for a line that uvicorn did not write."""
    deadline = time.monotonic() + CONSOLE_SECONDS
    since = mark
    while True:
        left = deadline - time.monotonic()
        upto = service.console.mark()
        text = service.console.wait_for_output(since=since, seconds=max(0.0, left))
        if any(line.strip() and not UVICORNS.match(line) for line in text.splitlines()):
            return True
        if left <= 0:
            return False
        since = max(since, upto)


@criterion("AC1")
def test_a_repeated_request_is_answered_again(service: Service, draw: Draw) -> None:
    """A right signature gives the same answer when the same request comes again."""
    body = plain(draw)
    deliver(service, body)
    for _ in range(2):
        why = "the signature is right; a sender that missed the answer sends the same request again"
        reply = deliver(service, body).expect(202, why=why)
        require_received(reply, " to a request with the right signature that came before")


@criterion("AC1")
def test_wrong_ones_before_do_not_matter(start: StartService, draw: Draw) -> None:
    """A right signature gives its answer and its line also after many wrong ones."""
    service = start()
    for _ in range(WRONG_BEFORE):
        body = plain(draw)
        send(service, body, sign(body, draw.token(24)))
    # Of one kind whatever the seed: that all kinds count is for the check of the console to say.
    body, mark = plain(draw, EVENTS[0]), service.console.mark()
    why = f"the signature is right; that {WRONG_BEFORE} wrong ones came before does not matter"
    reply = deliver(service, body).expect(202, why=why)
    which = f", sent after {WRONG_BEFORE} with wrong ones,"
    require_received(reply, f" to a request with the right signature{which}")
    require_a_line(service, mark, which)


# -- AC2 ------------------------------------------------------------------------------------------


def another_secret(body: bytes, draw: Draw) -> Iterator[str]:
    """Signed by somebody who does not know the secret."""
    yield sign(body, draw.token(24))
    yield sign(body, "")
    yield sign(body, DEFAULT + "s")
    yield hashlib.sha256(body).hexdigest()


def changed_byte(body: bytes, draw: Draw) -> Iterator[str]:
    """The body was changed on the way."""
    for position in (0, draw.integer(1, len(body) - 2), len(body) - 1):
        changed = bytes([body[position] ^ 1])
        yield sign(body[:position] + changed + body[position + 1 :])
    yield sign(body[:-1])
    yield sign(body + b"\n")


def changed_digit(body: bytes, draw: Draw) -> Iterator[str]:
    """One digit is another, wherever it stands."""
    for position in draw.shuffled(range(64)):
        yield other_digit(sign(body), position)


def exchanged_digits(body: bytes, draw: Draw) -> Iterator[str]:
    """Two digits have changed places."""
    signature = sign(body)
    for first in (0, draw.integer(1, 40)):
        second = next(at for at in range(63, first, -1) if signature[at] != signature[first])
        swapped = list(signature)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        yield "".join(swapped)


def cut_short(body: bytes, draw: Draw) -> Iterator[str]:
    """The beginning of the right signature."""
    for length in (62, 48, 40, 32, 16, 8, 2):
        yield sign(body)[:length]


def added_to(body: bytes, draw: Draw) -> Iterator[str]:
    """The right signature and more."""
    yield sign(body) + draw.choice(HEX) + draw.choice(HEX)
    yield sign(body) + "00"
    yield "00" + sign(body)
    yield sign(body) * 2


def another_body(body: bytes, draw: Draw) -> Iterator[str]:
    """A right signature, overheard with another message."""
    yield sign(plain(draw))
    yield sign(b"")
    yield sign(b"{}")


WRONG: Mapping[str, Callable[[bytes, Draw], Iterator[str]]] = {
    "made with another secret": another_secret,
    "of a body that differs in one byte": changed_byte,
    "with one changed digit": changed_digit,
    "with two digits exchanged": exchanged_digits,
    "cut short": cut_short,
    "with digits added": added_to,
    "of another body": another_body,
}


@criterion("AC2")
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_signature_gives_403(service: Service, draw: Draw, kind: str) -> None:
    """A wrong signature gives 403"""
    body = plain(draw)
    for signature in WRONG[kind](body, draw):
        send(service, body, signature).expect(403, why=f"the signature is wrong: one {kind}")


@criterion("AC2")
def test_a_signature_without_its_first_zeros_gives_403(service: Service, draw: Draw) -> None:
    """A signature that begins with 00 gives 403 without these digits."""
    body = plain(draw)
    # Two of them: an odd number of digits is GARBAGE's.
    while not sign(body).startswith("00"):
        body = plain(draw)
    why = "the signature is wrong: one cut short by its first digits, 00"
    send(service, body, sign(body)[2:]).expect(403, why=why)


@criterion("AC2")
def test_a_signature_that_was_right_before_gives_403(service: Service, draw: Draw) -> None:
    """The signature of a request that was accepted gives 403 with any other body."""
    heard = plain(draw, "contact.updated")
    deliver(service, heard)  # which status that has is AC1's to say
    of_one_length = heard.replace(b"contact.updated", b"contact.deleted")
    for body in (plain(draw), of_one_length):
        reply = send(service, body, sign(heard))
        reply.expect(403, why="the signature is that of another body, which was accepted before")


# -- AC3 ------------------------------------------------------------------------------------------


@criterion("AC3")
def test_a_missing_signature_gives_400(service: Service, draw: Draw) -> None:
    """A request without X-CRM-Signature gives 400."""
    body = plain(draw)
    why = "it has no header X-CRM-Signature"
    send(service, body, None).expect(400, why=why)
    headers = {"Content-Type": "application/json", "X-Signature": sign(body)}
    service.post(PATH, content=body, headers=headers).expect(400, why=why)
    # Another error may win over the missing header: here it only must not be let in.
    reply = send(service, b"", None)
    if accepted(reply):
        reply.expect(400, why=f"{why} (and no body)")


# -- AC4 ------------------------------------------------------------------------------------------


def spellings(draw: Draw) -> Dict[str, bytes]:
    """JSON as different senders write it."""
    data = {**message(draw, "contact.updated"), "city": "Zürich", "size": draw.integer(11, 900)}
    keys = draw.shuffled(list(data))
    while keys == list(data) or keys == sorted(data):
        keys = draw.shuffled(list(data))
    ordered = {key: data[key] for key in keys}
    compact = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    return {
        "without spaces": compact,
        "indented": json.dumps(data, indent=draw.choice([1, 2, 4])).encode(),
        "spaces around colons": json.dumps(data, separators=(" , ", " : ")).encode(),
        "tabs and CRLF": json.dumps(data, indent="\t").replace("\n", "\r\n").encode(),
        "keys in another order": json.dumps(ordered).encode(),
        "letters beyond ASCII": json.dumps(data, ensure_ascii=False).encode(),
        "a letter and its mark as two characters": compact.replace(
            "ü".encode(), "u\N{COMBINING DIAERESIS}".encode()
        ),
        "escaped letters": json.dumps(data).encode(),
        "needless escapes": compact.replace(b"contact.", b"contact\\u002e").replace(
            b"Z", b"\\u005A"
        ),
        "an escaped slash": compact.replace(b"contact.updated", b"contact\\/updated"),
        "a repeated key": compact[:-1] + b',"event":"contact.deleted"}',
        "a trailing newline": compact + b"\n",
        "space around": b" \r\n " + compact + b" \n\n",
        "numbers written out": b'{"size": 12.0, "limit": 1E+3, "rate": 0.10}',
        "an empty object": b"{}",
    }


@criterion("AC4")
@pytest.mark.parametrize("form", list(spellings(Draw(0, "names"))))
def test_json_in_any_form_is_accepted(service: Service, draw: Draw, form: str) -> None:
    """A rightly signed body is accepted in whatever form its JSON is written"""
    require_working(service, draw)
    reply = deliver(service, spellings(draw)[form])
    require_accepted(reply, f"the body's bytes are rightly signed (its JSON: {form})")


@criterion("AC4")
def test_the_same_data_in_other_bytes_is_refused(service: Service, draw: Draw) -> None:
    """The signature of the same data in another form gives 403."""
    require_working(service, draw)
    data = message(draw)
    default = json.dumps(data).encode()
    compact = json.dumps(data, separators=(",", ":")).encode()
    ordered = json.dumps(data, sort_keys=True).encode()
    last_first = json.dumps(dict(reversed(list(data.items())))).encode()
    for body, signed in (
        (compact, default),
        (default, compact),
        (default + b"\n", default),
        (last_first, default),
        (last_first, ordered),
        (json.dumps(data, indent=2).encode(), default),
    ):
        reply = send(service, body, sign(signed))
        require_refused(reply, "the signature is that of the same data, but of other bytes")


# -- AC5 ------------------------------------------------------------------------------------------

ROUNDS = 3


@criterion("AC5")
def test_the_comparison_is_timing_safe(start: StartService, draw: Draw, submission: Path) -> None:
    """The comparison tells nothing of how many digits are right."""
    service = watched(start)
    try:
        observations.look(service.channel)
        replies, right = [], []
        wrong: List[Reply] = []
        for _ in range(ROUNDS):
            replies.append(deliver(service, plain(draw)))
            right.append(observations.look(service.channel))
        rounds = [guesses(service, draw, wrong) for _ in range(ROUNDS)]
        replies.append(deliver(service, plain(draw)))
        # Told that a right signature differs, a service that goes by compare_digest refuses it.
        observations.let_compare_digest_say(service.channel, False)
        unheeding = accepted(deliver(service, plain(draw)))
    except observations.NotWatched:
        raise CheckFailed(
            "The service's process could not be asked what it compares; it must not interfere "
            "with that."
        ) from None
    source = read_source(submission)
    require(not source.names_the_notebook, "The submission interferes with how it is graded.")
    require_no_leak(rounds, source)
    for reply in replies:
        require_answered(reply)
    if observations.sign_of_safety(rounds, right, source, heeded=not unheeding) is not None:
        return
    unheeded = observations.sign_of_safety(rounds, right, source)
    if unheeded is not None and any(map(accepted, wrong)):
        blocked("AC2", "A wrong signature was let in: what the comparison says decides nothing.")
    raise CheckFailed(no_sign(unheeded))


def no_sign(unheeded: Optional[str]) -> str:
    """What to say where nothing was seen that is timing-safe, or only what nothing follows from."""
    if unheeded is not None:
        return (
            "compare_digest is called, but nothing follows from what it says: the service goes by "
            "another comparison, which was not seen to be timing-safe."
        )
    return (
        "No timing-safe comparison was seen while the service judged signatures. The ticket asks "
        "for hmac.compare_digest, secrets.compare_digest or something equally timing-safe."
    )


def watched(start: StartService) -> Service:
    """A service whose comparisons are seen."""
    try:
        return start(observe=("comparisons",))
    except ServiceDidNotStart as problem:
        start()  # it fails by itself: the learner is told so
        raise RuntimeError(f"it starts, but not when it is watched: {problem}") from problem


def guesses(service: Service, draw: Draw, replies: List[Reply]) -> List[observations.Seen]:
    """What is seen of signatures that are right but for one digit, each of a body of its own.

    The answers are added to ``replies``.
    """
    seen = []
    for position in observations.POSITIONS:
        body = plain(draw)
        replies.append(send(service, body, other_digit(sign(body), position)))
        seen.append(observations.look(service.channel))
    return seen


def require_no_leak(rounds: List[List[observations.Seen]], source: Any) -> None:
    """No comparison gets further the better the guess is."""
    where = observations.leak(rounds)
    require(
        where is None,
        f"The signature is compared in {source.quote(where or '')}. This comparison does not take "
        "the same time whatever the guess (== stops at the first difference), so its time may tell "
        "how many digits are right; the ticket asks for a timing-safe one, and for no other beside "
        "it.",
    )
    where = observations.early_exit(rounds)
    require(
        where is None,
        f"The loop or function in {source.quote(where or '')} turns more often the more digits of "
        "a guess are right, so its time tells how good the guess is; the ticket asks for a "
        "timing-safe comparison.",
    )
    calls = observations.calls_that_depend(rounds)
    if calls is not None:
        fewest, most = calls
        raise CheckFailed(
            f"compare_digest is called {fewest} or {most} times, depending on which digit of a "
            "guess is wrong: something before it, or between its calls, ends the comparison at the "
            "first difference. So its time tells which part of a guess is right; the ticket asks "
            "for a timing-safe comparison, and for no other beside it."
        )


def require_answered(reply: Reply) -> None:
    """The right signature was let in; as in ``require_working``."""
    if reply.status in (404, 405, 501):
        reply.expect(202, why="the signature is right")
    if not accepted(reply):
        blocked("AC1", f"A request with the right signature gave {reply.status}.")


# -- AC6 ------------------------------------------------------------------------------------------

# A service may refuse to start with a secret that is easily guessed.
SHORT = 8


@criterion("AC6")
def test_the_secret_is_read_from_the_environment(
    service: Service, start: StartService, draw: Draw
) -> None:
    """With CRM_WEBHOOK_SECRET set, signatures made with its value are right."""
    require_working(service, draw)
    for kind, secret in secrets(draw).items():
        try:
            own = start(env={VARIABLE: secret})
        except ServiceDidNotStart:
            if len(secret) < SHORT:
                continue
            raise
        reply = deliver(own, plain(draw), secret)
        value = f"the value of {VARIABLE}, {kind} ({len(secret.encode())} bytes)"
        require_accepted(reply, f"the signature was made with {value}")


def secrets(draw: Draw) -> Dict[str, str]:
    """Secrets as people choose them, and as machines make them."""
    return {
        "letters and digits": draw.token(32),
        "words": f"{draw.word()}-{draw.word()}-{draw.integer(10, 99)}",
        "letters beyond ASCII, encoded as UTF-8": f"{draw.word()}-schlüssel-ключ-{draw.token(8)}",
        "64 hex digits, as they are written": "".join(draw.choice(HEX) for _ in range(64)),
        "100 characters, all of which count": draw.token(100),
        "with $HOME, %20, # and quotation marks in it": (
            f'{draw.word()}$HOME%20 #{draw.token(8)} "{draw.word()}".'
        ),
        "quotation marks at its ends included": f'"{draw.token(24)}"',
        'the text "True"': "True",
        "a number that ends in 0": f"{draw.integer(10**9, 10**10)}.50",
    }


@criterion("AC6")
def test_another_secret_replaces_the_default(
    service: Service, start: StartService, draw: Draw
) -> None:
    """With CRM_WEBHOOK_SECRET set, signatures made with the default are wrong."""
    require_working(service, draw)
    reply = deliver(start(env={VARIABLE: draw.token(32)}), plain(draw), DEFAULT)
    require_refused(reply, f"{VARIABLE} is set to something else than {DEFAULT}")


@criterion("AC6")
def test_without_the_variable_the_default_serves(
    service: Service, start: StartService, draw: Draw
) -> None:
    """Without CRM_WEBHOOK_SECRET the service starts, and the default is the secret."""
    require_working(service, draw)
    unset = start(env={VARIABLE: None})
    reply = deliver(unset, plain(draw), DEFAULT)
    require_accepted(reply, f"{VARIABLE} is not set, and the signature was made with {DEFAULT}")
    reply = deliver(unset, plain(draw), draw.token(32))
    require_refused(reply, f"{VARIABLE} is not set, and the signature was made with another secret")


# -- GARBAGE --------------------------------------------------------------------------------------


def garbage(draw: Draw, signature: str) -> Dict[str, bytes]:
    """What is no signature at all, also where a right one stands in it."""
    place = draw.integer(2, 12)
    beyond = "".join(draw.choice("ghijklmnopqrstuvwxyz") for _ in range(64))
    odd = "".join(draw.choice(HEX) for _ in range(63))
    return {
        "words": f"{draw.word()} {draw.word()}".encode(),
        "letters beyond f": beyond.encode(),
        "one letter beyond f": (odd + "g").encode(),
        "the right digits and a letter beyond f among them": (
            f"{signature[:place]}z{signature[place:]}".encode()
        ),
        "an odd number of digits": odd.encode(),
        "punctuation": b"\"%s\\x00{}=;,'",
        "a very long one": (draw.choice(HEX) * draw.integer(3000, 6000)).encode(),
        "Base64": base64.b64encode(draw.token(32).encode()),
        "bytes above 127": bytes(draw.integer(0x80, 0xFF) for _ in range(64)),
        "the right digits and a byte above 127 among them": (
            signature[:place].encode() + b"\xe9" + signature[place:].encode()
        ),
        "one byte above 127": odd.encode() + b"\xe9",
        "UTF-8": "подпись-ünïcödé-署名".encode(),
        "digits of another script": "٣".encode() * 64,
    }


@criterion("GARBAGE")
@pytest.mark.parametrize("kind", list(garbage(Draw(0, "names"), "")))
def test_garbage_gives_403(service: Service, draw: Draw, kind: str) -> None:
    """A header that is no signature at all gives 403"""
    body = plain(draw)
    header = garbage(draw, sign(body))[kind]
    send(service, body, header).expect(403, why=f"the header holds {kind}, no signature")


# -- LIMIT ----------------------------------------------------------------------------------------


def sized(draw: Draw, size: int) -> bytes:
    """A JSON body of exactly so many bytes."""
    data = message(draw)
    data["note"] = ""
    empty = json.dumps(data).encode()
    return empty[:-2] + b"x" * (size - len(empty)) + empty[-2:]


def wide(draw: Draw) -> bytes:
    """A JSON body of more bytes than the limit and of fewer characters."""
    return json.dumps(
        {**message(draw), "note": "ü" * (LARGEST * 5 // 8)}, ensure_ascii=False
    ).encode()


def in_chunks(body: bytes, size: int = 60_000) -> Iterator[bytes]:
    """A body without a length: httpx sends an iterator in chunks."""
    for begin in range(0, len(body), size):
        yield body[begin : begin + size]


@criterion("LIMIT")
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_over_the_limit_gives_413(service: Service, draw: Draw, chunked: bool) -> None:
    """A body of more than 1 MiB gives 413"""
    sizes = (LARGEST + 1, LARGEST + draw.integer(2, 4096), 3 * LARGEST)
    # Drawn one after the other: 3.8 unpacks a generator in a list after all that follows it.
    bodies = [sized(draw, size) for size in sizes]
    for body in [*bodies, wide(draw)]:
        reply = send(service, in_chunks(body) if chunked else body, sign(body))
        reply.expect(413, why=f"the body has {len(body)} bytes, and 1 MiB is {LARGEST}")


@criterion("LIMIT")
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_at_the_limit_is_judged(service: Service, draw: Draw, chunked: bool) -> None:
    """A body of exactly 1 MiB is judged by its signature"""
    small = plain(draw)
    reply = deliver(service, small)
    if reply.status == 413:
        reply.expect(202, why=f"the body has {len(small)} bytes, and its signature is right")
    require_working(service, draw)
    for size in (LARGEST, LARGEST - draw.integer(1, 4096)):
        body = sized(draw, size)
        right, wrong = sign(body), sign(body[:-1])
        reply = send(service, in_chunks(body) if chunked else body, right)
        require_accepted(reply, f"the body has {size} bytes, and its signature is right")
        reply = send(service, in_chunks(body) if chunked else body, wrong)
        require_refused(reply, f"the body has {size} bytes, and its signature is wrong")


# -- SECRECY --------------------------------------------------------------------------------------


@criterion("SECRECY")
@pytest.mark.parametrize("given", [True, False], ids=["secret set", "default secret"])
def test_the_console_tells_no_secrets(
    service: Service, start: StartService, draw: Draw, given: bool
) -> None:
    """Neither the secret nor a right signature is written to the console"""
    require_working(service, draw)
    secret = draw.token(32) if given else None
    try:
        own = start(env={VARIABLE: secret})
    except ServiceDidNotStart as failure:
        blocked("AC6", f"The service does not start: {failure}")
    bodies = exercise_all(own, draw, secret or DEFAULT)
    own.stop()
    joined = without_separators(own.console)
    for hidden in {secret or DEFAULT, DEFAULT}:
        require_untold("The secret", own.console, joined, hidden.encode())
        for what, body in bodies.items():
            right = sign(body, hidden)
            which = f"The right signature of {what}"
            require_untold(which, own.console, joined, bytes.fromhex(right), right.encode())


def exercise_all(service: Service, draw: Draw, secret: str) -> Dict[str, bytes]:
    """Send requests of every kind; which answers they get is for others to say."""
    body, wrong, unsigned, strange = (plain(draw) for _ in range(4))
    send(service, body, sign(body, secret))
    send(service, wrong, other_digit(sign(wrong, secret), draw.integer(0, 63)))
    foreign = plain(draw)
    send(service, foreign, sign(foreign, draw.token(24)))
    send(service, unsigned, None)
    send(service, strange, garbage(draw, "")["one byte above 127"])
    return {
        "a request that was accepted": body,
        "a request with one wrong digit": wrong,
        "a request that was signed with another secret": foreign,
        "a request without a signature": unsigned,
        "a request with a header that is no hex": strange,
    }


def without_separators(console: Console) -> str:
    """What stands on the console, joined: hex digits may stand in pairs ("3f:a0", "3F A0")."""
    return re.sub(r"[\s:-]", "", console.text(most=1_000_000)).lower()


def require_untold(what: str, console: Console, joined: str, *hidden: bytes) -> None:
    """Fail if one of these stands on the console, in any spelling."""
    for data in hidden:
        found = [data.hex()] if data.hex() in joined else []
        found += filter(console.contains, spelt(data))
        require(
            not found,
            # The beginning is enough to find it there.
            f"{what} stands on the console, spelt {''.join(found[:1])[:12]}…; the ticket asks "
            "that it is never written there.",
        )


def spelt(data: bytes) -> List[str]:
    """How bytes may be written, beside hex."""
    encoded = base64.b64encode(data).decode().rstrip("=")
    return [encoded, encoded.replace("+", "-").replace("/", "_"), repr(data)[2:-1]]
