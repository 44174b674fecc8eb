"""Whether a signature is compared in a timing-safe way, judged by what was seen of a service.

The examiner sends *guesses*: signatures that are right but for one digit, at the beginning, in the
middle, at the end, each for a body of its own. A comparison leaks where two texts that it sets
against each other agree for longer the later the wrong digit stands, or where a loop turns more
often. Nothing needs to be known about the form of the texts: hex, raw bytes, Base64 and a number
all show it, and double HMAC, or a look into a list of earlier signatures, does not. What is too
short to be seen, the first digit alone, shows in whether compare_digest is called after it.

No leak is not yet a proof: a comparison may have gone unseen. So there must be a sign
of a safe one.

What was seen comes from the submission's process. It is read as text of unknown worth, and a safe
comparison that it claims has to stand in the source, which the examiner reads for itself.
"""

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from grader.acceptance.submission_source import Source
from grader.service.channel import ChannelClosed, ChannelTimeout

# Where the wrong digit of a guess stands, of 64.
POSITIONS = (0, 21, 42, 63)

# A leak tells at least this much more of the last guess than of the first: digits, or turns.
LEAKED_LENGTH = 8
LEAKED_TURNS = 6
# Two rounds may differ by this much: texts agree a little by chance.
CHANCE_LENGTH = 3
CHANCE_TURNS = 1

SHORTEST_DIGEST = 16
LIBRARIES = frozenset(
    "cryptography Crypto Cryptodome nacl pysodium libnacl passlib itsdangerous jwt jose "
    "authlib OpenSSL django werkzeug".split()
)

# Where nothing can be seen: functions of libraries in C, and processes that a service starts.
FUNCTIONS_IN_C = frozenset(
    "CRYPTO_memcmp sodium_memcmp timingsafe_bcmp timingsafe_memcmp consttime_memequal".split()
)
OTHER_PROCESSES = frozenset("ProcessPoolExecutor multiprocessing subprocess fork".split())


@dataclass(frozen=True)
class Note:
    """Two texts that were set against each other; ``where`` is "file:line", "" in a library."""

    kind: str  # "compare" or "digest" (compare_digest)
    where: str
    left: str
    right: str
    result: Optional[bool]


@dataclass(frozen=True)
class Seen:
    """What was seen while one request was answered; ``digests``: calls of compare_digest."""

    notes: Tuple[Note, ...] = ()
    turns: Mapping[str, int] = field(default_factory=dict)
    digests: int = 0


# One round: what was seen of a guess at each of POSITIONS, in their order.
Round = Sequence[Seen]


class NotWatched(Exception):
    """The service's process no longer tells what it compares."""


def look(channel: Any) -> Seen:
    """Ask a service what it has compared since it was last asked.

    Raises:
        NotWatched: it does not answer, or not in the agreed form.
    """
    return read(_answer(channel, {"op": "comparisons"}))


def let_compare_digest_say(channel: Any, answer: Optional[bool]) -> None:
    """Have every compare_digest of a service say this from now on; None: the truth.

    Raises:
        NotWatched: the service does not answer.
    """
    _answer(channel, {"op": "comparisons", "answer": answer})


def _answer(channel: Any, question: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        answer: Mapping[str, Any] = channel.request(question, seconds=10)
    except (ChannelClosed, ChannelTimeout) as error:
        raise NotWatched(str(error)) from error
    return answer


def read(message: Mapping[str, Any]) -> Seen:
    """What a service says that it has compared.

    Raises:
        NotWatched: it is not in the agreed form.
    """
    try:
        notes = tuple(
            Note(str(kind), str(where), str(left), str(right), result is True)
            for kind, where, left, right, result in message["notes"]
        )
        turns: Dict[str, int] = {}
        for where, count in message["turns"]:  # one line may hold several loops
            turns[str(where)] = turns.get(str(where), 0) + int(count)
        digests = int(message["digests"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotWatched("not in the agreed form") from error
    return Seen(notes, turns, digests)


# -- leaks ----------------------------------------------------------------------------------------


def leak(rounds: Sequence[Round]) -> Optional[str]:
    """Where a comparison gets further the more digits of a guess are right; None if nowhere."""
    for where in _places(rounds, "compare"):
        for measure in (_common_beginning, _common_end):
            if _grows(_lengths(rounds, where, measure), LEAKED_LENGTH, CHANCE_LENGTH):
                return where
    return None


def early_exit(rounds: Sequence[Round]) -> Optional[str]:
    """Where a loop turns more often the more digits of a guess are right; None if nowhere."""
    places = {where: None for round_ in rounds for seen in round_ for where in seen.turns}
    for where in places:
        turns = [[seen.turns.get(where, 0) for seen in round_] for round_ in rounds]
        if _grows(turns, LEAKED_TURNS, CHANCE_TURNS):
            return where
    return None


def calls_that_depend(rounds: Sequence[Round]) -> Optional[Tuple[int, int]]:
    """How often compare_digest is called for two guesses, where that hangs on the wrong digit.

    Returns:
        The fewest and the most calls, or None if they are the same for all, or differ by chance.
    """
    rows = {tuple(seen.digests for seen in round_) for round_ in rounds}
    if len(rows) != 1:
        return None
    (row,) = rows
    return (min(row), max(row)) if min(row) < max(row) else None


def _places(rounds: Sequence[Round], kind: str) -> List[str]:
    notes = (note for round_ in rounds for seen in round_ for note in seen.notes)
    return list({note.where: None for note in notes if note.kind == kind})


def _lengths(
    rounds: Sequence[Round], where: str, measure: Callable[[str, str], int]
) -> List[List[int]]:
    """For each round and position the longest agreement of two texts at a place."""
    return [
        [
            max(
                (measure(n.left, n.right) for n in seen.notes if _is_at(n, "compare", where)),
                default=0,
            )
            for seen in round_
        ]
        for round_ in rounds
    ]


def _is_at(note: Note, kind: str, where: str) -> bool:
    return note.kind == kind and note.where == where


def _grows(rows: Sequence[Sequence[int]], least: int, chance: int) -> bool:
    """Whether all rounds show one and the same growth, from the first position or from the last."""
    return any(
        all(_grows_in(row, least, chance) for row in view)
        and all(max(column) - min(column) <= chance for column in zip(*view))
        for view in (rows, [list(reversed(row)) for row in rows])
    )


def _grows_in(row: Sequence[int], least: int, chance: int) -> bool:
    steady = all(after >= before - chance for before, after in zip(row, row[1:]))
    return steady and row[-1] - row[0] >= least


def _common_beginning(left: str, right: str) -> int:
    for length, (one, other) in enumerate(zip(left, right)):
        if one != other:
            return length
    return min(len(left), len(right))


def _common_end(left: str, right: str) -> int:
    return _common_beginning(left[::-1], right[::-1])


# -- signs of a safe comparison -------------------------------------------------------------------


def sign_of_safety(
    rounds: Sequence[Round], right: Sequence[Seen], source: Source, heeded: bool = True
) -> Optional[str]:
    """Why the comparison counts as timing-safe, in a word; None where there is no sign of it.

    Args:
        rounds: of guesses, with no leak in them.
        right: what was seen of requests with the right signature.
        source: of the submission.
        heeded: whether anything follows from what compare_digest says.
    """
    if heeded and _tells_right_from_wrong("digest", rounds, right, source):
        return "compare_digest"
    if heeded and _pieces_tell_right_from_wrong(rounds, right, source):
        return "compare_digest of each piece"
    if _tells_right_from_wrong("compare", rounds, right, source):
        return "blinded"
    if _constant_loop(rounds, right):
        return "constant loop"
    if source.imports & LIBRARIES or source.names & FUNCTIONS_IN_C:
        return "library"
    if "compare_digest" in source.names and source.names & OTHER_PROCESSES:
        return "another process"
    if source.has_xor:
        return "xor"
    return None


def _tells_right_from_wrong(
    kind: str, rounds: Sequence[Round], right: Sequence[Seen], source: Source
) -> bool:
    """Whether two long texts, at one place, are equal for right signatures and not for guesses.

    Not for all guesses: that the whole signature is compared is for another criterion to say.
    """
    return any(
        all(_told(seen, kind, where, equal=True) for seen in right)
        and all(any(_told(seen, kind, where, equal=False) for seen in round_) for round_ in rounds)
        for where in _believed(rounds, kind, source)
    )


def _believed(rounds: Sequence[Round], kind: str, source: Source) -> List[str]:
    """The places of notes, without those at which the source says that nothing is compared."""
    return [
        where for where in _places(rounds, kind) if where == "" or source.calls_or_compares(where)
    ]


def _told(seen: Seen, kind: str, where: str, equal: bool) -> bool:
    return any(
        min(len(note.left), len(note.right)) >= SHORTEST_DIGEST
        and (note.left == note.right) is equal
        and (kind != "digest" or note.result is equal)
        for note in seen.notes
        if _is_at(note, kind, where)
    )


def _pieces_tell_right_from_wrong(
    rounds: Sequence[Round], right: Sequence[Seen], source: Source
) -> bool:
    """Whether compare_digest gets a digest in pieces, and all of them whatever the guess.

    Every guess has to be told, wherever its wrong digit stands: a piece alone does not do that.
    """
    places = _believed(rounds, "digest", source)
    of_guesses = [_pieces(seen, places) for round_ in rounds for seen in round_]
    of_right = [_pieces(seen, places) for seen in right]
    counts = [len(pieces) for pieces in of_guesses + of_right]
    return (
        all(sum(map(len, pieces)) >= SHORTEST_DIGEST for pieces in of_guesses + of_right)
        # Two pieces may be the same by chance.
        and max(counts) - min(counts) <= CHANCE_TURNS
        and all(not all(pieces.values()) for pieces in of_guesses)
        and all(all(pieces.values()) for pieces in of_right)
    )


def _pieces(seen: Seen, places: Sequence[str]) -> Dict[str, bool]:
    """The texts that were expected or given, each with what compare_digest said of it."""
    return {
        note.left: note.result is True
        for note in seen.notes
        if note.kind == "digest" and note.where in places
    }


def _constant_loop(rounds: Sequence[Round], right: Sequence[Seen]) -> bool:
    """Whether a loop turns over a whole digest, equally often for every guess."""
    every = [seen for round_ in rounds for seen in round_] + list(right)
    return any(
        count >= SHORTEST_DIGEST and all(seen.turns.get(where) == count for seen in every)
        for where, count in every[0].turns.items()
    )
