"""Acceptance tests of PROJ-104: config-driven A/B assignment.

Chance. Users and names are drawn from the run's seed, so one seed always gives one verdict. Over
all seeds a hash that behaves like a uniform one fails, by bad luck, in less than one of 10^10 runs:
the checks that rest on chance (six comparisons of shares, one of reach, one of patterns, 28 of
pairs, twice 45 of names that look alike) have a false alarm of at most ALARM = 1e-11 each, the
pairs together, less than 1e-10 in all. The bounds hold for every number of users: they are
inequalities, not approximations. Buckets of one in a thousand shift a share by less than 0.001,
which at its limit moves the statistic of a comparison by less than 3 in the two large samples and
by less than 1.5 in the others: with such a hash it is less than one of 10^9 runs.
"""

import hashlib
import json
import math
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from itertools import combinations, count, product
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import quote, urlencode

import pytest

from grader.acceptance import Call, Draw, Reply, Service, StartService, blocked, criterion, require
from grader.errors import CheckFailed

CONFIG_FILE = "experiments.json"
ALARM = 1e-11

Config = Mapping[str, Mapping[str, Sequence[Any]]]


# -- experiments and assignments ------------------------------------------------------------------


def experiment(variants: Sequence[str], weights: Sequence[float]) -> Dict[str, List[Any]]:
    """One entry of experiments.json."""
    return {"variants": list(variants), "weights": list(weights)}


def as_file(config: Config) -> bytes:
    """The bytes of experiments.json: plain ASCII, which every way to open a file reads alike."""
    return json.dumps(config, indent=1).encode("ascii")


def files(config: Config) -> Dict[str, bytes]:
    """What a service is started with."""
    return {CONFIG_FILE: as_file(config)}


def names(draw: Draw, count: int) -> List[str]:
    """Different names as people give them to experiments and variants, none part of another."""
    return [f"{word}-{draw.token(4).lower()}" for word in draw.sample(WORDS, count)]


WORDS = (
    "banner basket button checkout footer headline layout menu offer price search teaser"
).split()


def numbers(draw: Draw, count: int) -> List[str]:
    """Different user ids that are numbers, of one length."""
    return [str(number) for number in draw.random.sample(range(10**8, 10**9), count)]


def uuids(draw: Draw, count: int) -> List[str]:
    """Different user ids that are UUIDs, and differ only in their last part."""
    start = draw.uuid()[:24]
    return [f"{start}{number:012x}" for number in draw.random.sample(range(16**12), count)]


def addresses(draw: Draw, count: int) -> List[str]:
    """Different user ids that are e-mail addresses of one length, and differ before the @ only."""
    end = f"@customers.{draw.business_domain()}"
    return [f"{number:08x}{end}" for number in draw.random.sample(range(16**7, 16**8), count)]


def users(draw: Draw, count: int) -> List[str]:
    """Different user ids of all kinds, in random order.

    Who reads only the beginning of an id, or only its end, takes a third of them for one user.
    """
    each = count // 3 + 1
    people = numbers(draw, each) + uuids(draw, each) + addresses(draw, each)
    return draw.sample(people, count)


def call(name: str, user: str) -> Call:
    """The request for one assignment."""
    # %20 for a space, which every reader of a query understands; + is for forms only.
    query = urlencode({"experiment_name": name, "user_id": user}, quote_via=quote)
    return Call("GET", f"/assign?{query}")


class Pair(NamedTuple):
    """An experiment's name and a user's id."""

    name: str
    user: str


def variant_in(reply: Reply, config: Config, pair: Pair) -> Optional[str]:
    """The variant that was assigned, or None where it is null, as where no weight reaches a user.

    What only AC4 asks for ends as blocked by AC4.
    """
    if reply.status == 404:
        blocked("AC4", f"Experiment {pair.name!r} is in {CONFIG_FILE}, but {reply.asked} gave 404")
    answer = reply.expect(200, why=f"the experiment is in {CONFIG_FILE}").object()
    variant = answer.get("variant", "")
    listed = config[pair.name]["variants"]
    if variant is not None and variant not in listed:
        said = f"assigned {variant!r}" if "variant" in answer else "had no `variant`"
        blocked("AC4", f"The answer to {reply.asked} {said}; the file lists {shortly(listed)}")
    return None if variant is None else str(variant)


def assigned(
    service: Service, config: Config, pairs: Sequence[Pair], *, without: str = "blocked"
) -> Dict[Pair, str]:
    """The variants of many users, asked for one after the other.

    More at once would hardly be faster, and the verdict on a service that counts or shuffles would
    depend on who came first. A user ``without`` a variant is AC3's: the check is then "blocked", or
    "failed", or goes on ("kept") with an empty text.
    """
    got: Dict[Pair, str] = {}
    for pair in pairs:
        reply = service.send(call(*pair))
        variant = variant_in(reply, config, pair)
        if variant is None and without != "kept":
            message = (
                f"{reply.asked} gave the variant null: with the weights "
                f"{shortly(config[pair.name]['weights'])} this user got none; the ticket asks for "
                "shares that follow the weights."
            )
            if without == "blocked":
                blocked("AC3", message)
            raise CheckFailed(message)
        got[pair] = variant or ""
    return got


def shortly(values: Sequence[object]) -> str:
    """A list for a message."""
    shown = ", ".join(repr(value) for value in values[:6])
    return f"[{shown}, … {len(values)} in all]" if len(values) > 6 else f"[{shown}]"


# -- AC1 ------------------------------------------------------------------------------------------


class Panel(NamedTuple):
    """Experiments, and users in them: what is asked for again and again."""

    config: Config
    pairs: List[Pair]

    def compare(self, first: Mapping[Pair, str], then: Mapping[Pair, str], when: str) -> None:
        """Fail unless everybody has kept the variant."""
        moved = [pair for pair in self.pairs if first[pair] != then[pair]]
        if moved:
            pair = moved[0]
            require(
                False,
                f"User {pair.user!r} got {first[pair]!r} in experiment {pair.name!r}, and "
                f"{then[pair]!r} {when}. That happened to {len(moved)} of {len(self.pairs)}; the "
                "ticket asks for the same variant every time.",
            )


@pytest.fixture
def panel(draw: Draw) -> Panel:
    """Three experiments, and twenty users in each: equal weights, different ones, and few variants.

    Fifty variants, because who counts through a thousand slots stays long in a large one. A variant
    that is not kept stays the same by chance in one of fifty, one of 38, and three of eight: for
    all twenty of the last one with a probability of 3e-9.
    """
    equal, unequal, small, kind = names(draw, 4)
    variants = [f"{kind}-{number}" for number in range(50)]
    config = {
        equal: experiment(variants, [2] * 50),
        unequal: experiment(variants, draw.shuffled(range(1, 51))),
        small: experiment(variants[:3], [50, 25, 25]),
    }
    people = [draw.user_id() for _ in range(5)] + users(draw, 15)
    return Panel(config, [Pair(name, user) for name in config for user in people])


@criterion("AC1")
def test_every_call_gives_the_same(start: StartService, draw: Draw, panel: Panel) -> None:
    """The same user and experiment give the same variant at every call."""
    service = start(files=files(panel.config))
    first = assigned(service, panel.config, panel.pairs)
    for _ in range(2):
        again = assigned(service, panel.config, draw.shuffled(panel.pairs))
        panel.compare(first, again, "when asked again")


@criterion("AC1")
def test_a_restart_changes_nothing(start: StartService, draw: Draw, panel: Panel) -> None:
    """A restart of the service changes no assignment."""
    service = start(files=files(panel.config))
    first = assigned(service, panel.config, panel.pairs)
    service.restart()
    # In another order: what depends on who came first would come out the same otherwise.
    again = assigned(service, panel.config, draw.shuffled(panel.pairs))
    panel.compare(first, again, "after a restart")


@criterion("AC1")
def test_another_day_changes_nothing(start: StartService, draw: Draw, panel: Panel) -> None:
    """On another day the assignments are the same."""
    service = start(files=files(panel.config))
    first = assigned(service, panel.config, panel.pairs)
    later = datetime.now(timezone.utc) + timedelta(days=draw.integer(40, 300), hours=7)
    service = start(files=files(panel.config), clock=later)
    again = assigned(service, panel.config, draw.shuffled(panel.pairs))
    panel.compare(first, again, "on another day, from a start in a fresh copy of the folder")


@criterion("AC1")
def test_another_process_agrees(start: StartService, draw: Draw, panel: Panel) -> None:
    """Another process of the service assigns the same variants."""
    one = start(files=files(panel.config))
    first = assigned(one, panel.config, panel.pairs)
    other = start(files=files(panel.config), apart=True)
    again = assigned(other, panel.config, draw.shuffled(panel.pairs))
    panel.compare(first, again, "from another process beside it, in a copy of the folder")


# -- AC2 ------------------------------------------------------------------------------------------


@criterion("AC2")
def test_an_unknown_experiment_is_not_found(start: StartService, draw: Draw) -> None:
    """An experiment that is not in the file gives 404."""
    known, *variants = names(draw, 3)
    service = start(files=files({known: experiment(variants, [50, 50])}))
    near = (known + "x", known[:-1], known.upper())
    for unknown in (draw.word() + draw.token(5), *near, variants[0], "variants"):
        why = f"{CONFIG_FILE} has no such experiment"
        service.send(call(unknown, draw.user_id())).expect(404, why=why)


@criterion("AC2")
def test_an_unknown_experiment_stays_unknown(start: StartService, draw: Draw) -> None:
    """An experiment that is not in the file gives 404 when it is asked for again."""
    known, unknown, *variants = names(draw, 4)
    service = start(files=files({known: experiment(variants, [50, 50])}))
    service.send(call(unknown, draw.user_id()))
    why = f"{CONFIG_FILE} has no such experiment, at the second request either"
    service.send(call(unknown, draw.user_id())).expect(404, why=why)


@criterion("AC2")
@pytest.mark.parametrize(
    "sent",
    [["experiment_name"], ["user_id"], []],
    ids=["only experiment_name sent", "only user_id sent", "neither sent"],
)
def test_a_missing_parameter_is_refused(
    start: StartService, draw: Draw, sent: Sequence[str]
) -> None:
    """A request without one of the parameters, or both, gives 422."""
    known, *variants = names(draw, 3)
    service = start(files=files({known: experiment(variants, [50, 50])}))
    values = {"experiment_name": known, "user_id": draw.user_id()}
    reply = service.get("/assign", params={name: values[name] for name in sent})
    missing = [f"`{name}`" for name in values if name not in sent]
    reply.expect(422, why=f"{' and '.join(missing)} is missing")


# -- AC3 ------------------------------------------------------------------------------------------


def surprise(counts: Mapping[Any, int], shares: Mapping[Any, float]) -> float:
    """How far counts are from shares: n times their relative entropy (half of G)."""
    total = sum(counts.values())
    return sum(
        count * math.log(count / (total * shares[variant]))
        for variant, count in counts.items()
        if count
    )


def most_surprise(variants: int) -> float:
    """What ``surprise`` reaches with a probability of ALARM at most, for any number of users.

    P(n·D ≥ g) ≤ exp(-g) · (e·g / (k-1))^(k-1) for k variants and g > k-1: R. Agrawal,
    "Finite-sample concentration of the multinomial in relative entropy", 2020, theorem I.2.
    """
    degrees = variants - 1
    limit = float(degrees)
    while -limit + degrees * (1 + math.log(limit / degrees)) > math.log(ALARM):
        limit += 0.1
    return limit


# A quarter of the users are asked first, then half: who is as near as this to the weights then is
# not asked on. In a quarter a sound hash is in every other sample at least, a mistake that a check
# is meant for in one of 1,000 at most (10,000 were drawn).
NEAR = 2.0

# The number of users, and the weights. The limit is 33 for three variants, 36 for four. What the
# known mistakes reach on average, in brackets:
# - weights divided by the smallest: rounded in the first, which makes [1, 1, 1, 2] of it [73], cut
#   in the second, which makes three equal ones of it [67];
# - equal shares, in the second [67];
# - weights taken for percent: in the first the last variant gets more than 90 % [1000 or more], in
#   the second all users get the first variant that counts [1600];
# - weights made whole, in the third: int() and round() give all users the first [86], ceil() makes
#   one half and two quarters of it [65]; so does a hash modulo the sum, which is a float [86].
# - weights rounded to one decimal, or times ten and made whole, in the fifth, whose limit is 39:
#   the four small ones get nobody [53].
# The fractions are exact in binary, so that no sum of them depends on the order or the version.
SHARES: Dict[str, Tuple[int, List[float]]] = {
    "half as much again": (1600, [1, 1.484375, 1.484375, 1.515625]),
    "weights above 100 with a zero": (1200, [0, 100, 199, 100]),
    "fractions with a zero": (300, [0, 1.5, 0.375, 0.125]),
    "thirds with zeros between": (300, [0, 1, 1, 0, 1, 0]),
    "small fractions": (400, [0.03125, 0.03125, 0.03125, 0.03125, 0.875]),
}


@criterion("AC3")
@pytest.mark.parametrize("kind", list(SHARES))
def test_the_shares_follow_the_weights(start: StartService, draw: Draw, kind: str) -> None:
    """Over many users the shares follow the weights."""
    number, weights = SHARES[kind]
    if weights[0]:
        weights = draw.shuffled(weights)
    name, *variants = names(draw, 1 + len(weights))
    config = {name: experiment(variants, weights)}
    service = start(files=files(config))
    pairs = [Pair(name, user) for user in users(draw, number)]
    shares = {v: weight / sum(weights) for v, weight in zip(variants, weights) if weight}
    got: Dict[Pair, str] = {}
    for some in in_parts(pairs):
        got.update(assigned(service, config, some, without="failed"))
        counts = Counter(got.values())
        require_none_of_weight_zero(counts, variants, weights)
        if surprise(counts, shares) <= NEAR:
            return
    table = "; ".join(
        f"{counts[variant]} got {variant!r} ({counts[variant] / number:.1%}, by its weight "
        f"{share:.1%})"
        for variant, share in shares.items()
    )
    require(
        surprise(counts, shares) <= most_surprise(len(shares)),
        f"With the weights {weights}, of {number} users {table}. That is further from the "
        "weights than chance explains; the ticket asks for shares that follow them.",
    )


def in_parts(pairs: List[Pair]) -> List[List[Pair]]:
    """The first quarter, the second, and the other half."""
    quarter = len(pairs) // 4
    return [pairs[:quarter], pairs[quarter : 2 * quarter], pairs[2 * quarter :]]


def require_none_of_weight_zero(
    counts: Mapping[str, int], variants: Sequence[str], weights: Sequence[float]
) -> None:
    """Fail if a variant with weight zero was assigned."""
    for position, (variant, weight) in enumerate(zip(variants, weights), start=1):
        got = counts.get(variant, 0)
        require(
            weight or not got,
            f"{got} of {sum(counts.values())} users got {variant!r}, number {position} of "
            f"{len(variants)} variants, whose weight is 0 (weights {shortly(weights)}); the ticket "
            "asks that it is never assigned.",
        )


SMALL_USERS = 200


@criterion("AC3")
def test_small_shares_beside_a_large_one_stay_small(start: StartService, draw: Draw) -> None:
    """Shares of one in a thousand beside a large one stay small."""
    # By rounding up, or by a slot for everyone, to percent: 40 of 136 [74]; the limit is 30. Among
    # 50 users they are NEAR in one of 1,000 samples (exact).
    weights = draw.shuffled([960] + 40 * [1])
    name = names(draw, 1)[0]
    variants = [f"{draw.word()}-{number}" for number in range(len(weights))]
    config = {name: experiment(variants, weights)}
    service = start(files=files(config))
    pairs = [Pair(name, user) for user in users(draw, SMALL_USERS)]
    large = variants[weights.index(960)]
    shares = {True: 0.96, False: 0.04}
    got: Dict[Pair, str] = {}
    for some in in_parts(pairs):
        got.update(assigned(service, config, some, without="failed"))
        counts = Counter(variant == large for variant in got.values())
        if surprise(counts, shares) <= NEAR:
            return
    require(
        surprise(counts, shares) <= most_surprise(len(shares)),
        f"In an experiment with one variant of weight 960 and 40 of weight 1, {counts[False]} of "
        f"{SMALL_USERS} users got one of the 40, where about {SMALL_USERS * 0.04:.0f} are to be "
        "expected. The ticket asks for weights that are honoured to one in a thousand at least.",
    )


FINE_USERS = 500
FINE_VARIANTS = 500
# Of 500 equal variants 500 users meet 316 on average, and 257 or fewer with P < 1e-16 (exact, by
# the recursion for throwing balls into cells); with 1,000 buckets it is the same, and 293 if
# rounding gave every other variant one of them and the next one three. 256 buckets (one byte of a
# digest) meet 256 at the most, 219 on average; 100 buckets meet 100.
FEWEST_MET = 258


@criterion("AC3")
def test_small_shares_are_honoured(start: StartService, draw: Draw) -> None:
    """Shares of two in a thousand are honoured."""
    name = names(draw, 1)[0]
    variants = [f"{draw.word()}-{number}" for number in range(FINE_VARIANTS + 2)]
    weights = [0] + [2] * FINE_VARIANTS + [0]
    config = {name: experiment(variants, weights)}
    service = start(files=files(config))
    got: Dict[Pair, str] = {}
    for user in users(draw, FINE_USERS):
        got.update(assigned(service, config, [Pair(name, user)], without="failed"))
        if len(set(got.values())) >= FEWEST_MET:
            break
    counts = Counter(got.values())
    require_none_of_weight_zero(counts, variants, weights)
    require(
        len(counts) >= FEWEST_MET,
        f"In an experiment with {FINE_VARIANTS} variants of equal weight, {FINE_USERS} users met "
        f"only {len(counts)} different ones, where about 316 are to be expected. The ticket asks "
        "for weights that are honoured to one in a thousand at least.",
    )


# How people make a bucket of 1,000 of a user and an experiment.
DIGESTS = (hashlib.sha256, hashlib.md5, hashlib.sha1)
SEPARATORS = (":", "", "-", "_", "|")
BUCKETS: Tuple[Callable[[str], int], ...] = (
    lambda digest: int(digest, 16) % 1000,
    lambda digest: int(digest[:16], 16) % 1000,
    lambda digest: int(digest[:8], 16) % 1000,
    # As a fraction of the largest number, whatever the length.
    lambda digest: int(digest[:8], 16) * 1000 >> 32,
)


def users_of_bucket(draw: Draw, name: str, bucket: int) -> List[str]:
    """Users who fall into this bucket of 1,000 by one of the usual recipes.

    Bucket 0 is the first of 10 and of 100, too, and bucket 999 the last. What is wrong with one
    bucket alone one user in a thousand would show: these are looked for instead. By any other
    recipe they are anybody.
    """
    joined = [f"{name}{sign}%s" for sign in SEPARATORS] + [f"%s{sign}{name}" for sign in SEPARATORS]
    prefix = draw.token(4)
    found: Dict[str, None] = {}
    for digest, text in product(DIGESTS, joined):
        missing = list(BUCKETS)
        for number in count():
            user = f"{prefix}-{number}"
            value = digest((text % user).encode()).hexdigest()
            hit = [recipe for recipe in missing if recipe(value) == bucket]
            if hit:
                found[user] = None
                missing = [recipe for recipe in missing if recipe not in hit]
            if not missing:
                break
    return list(found)


# With `<=` in place of `<` the first variant gets bucket 0 even when its weight is zero. With
# thirds that are cut to whole buckets, 333 each, bucket 999 is left for nobody, or for the last
# variant whatever its weight.
EDGES: Dict[str, Tuple[int, List[float]]] = {
    "first of the buckets": (0, [0, 1, 0, 1, 0]),
    "last of the buckets": (999, [0, 1, 1, 0, 1, 0]),
}


@criterion("AC3")
@pytest.mark.parametrize("edge", list(EDGES))
def test_a_weight_of_zero_is_never_assigned(start: StartService, draw: Draw, edge: str) -> None:
    """A weight of zero is never assigned, and every user gets a variant."""
    bucket, weights = EDGES[edge]
    name, *variants = names(draw, 1 + len(weights))
    config = {name: experiment(variants, weights)}
    service = start(files=files(config))
    pairs = [Pair(name, user) for user in users_of_bucket(draw, name, bucket)]
    counts = Counter(assigned(service, config, pairs, without="failed").values())
    require_none_of_weight_zero(counts, variants, weights)


# -- AC4 ------------------------------------------------------------------------------------------

AWKWARD: Dict[str, Callable[[str, str], str]] = {
    "capitals": lambda a, b: f"{a.title()}-{b.upper()}",
    "spaces": lambda a, b: f" {a} {b} 2 ",
    "slashes": lambda a, b: f"{a}/{b}/",
    "non-ASCII letters": lambda a, b: f"{a}-Größe-cafe\u0301-{b}-цена-色",
    "signs of URLs": lambda a, b: f"{a}+{b}%20&a=1#50%",
    "digits alone": lambda a, b: f"00{int.from_bytes((a + b).encode(), 'big') % 10**9}",
}


@criterion("AC4")
@pytest.mark.parametrize("kind", list(AWKWARD))
def test_user_and_experiment_are_echoed(start: StartService, draw: Draw, kind: str) -> None:
    """Experiments of the file serve, and the answer echoes user and experiment."""
    shape = AWKWARD[kind]
    made = [shape(draw.word(), draw.token(4).lower()) for _ in range(6)]
    config = {name: experiment(made[2:4], [50, 50]) for name in made[:2]}
    service = start(files=files(config))
    for name in made[:2]:
        for user in made[4:]:
            require_served(service, config, Pair(name, user))


def require_served(service: Service, config: Config, pair: Pair) -> None:
    """Fail unless the assignment is there, complete and echoed."""
    reply = service.send(call(*pair)).expect(200, why=f"the experiment is in {CONFIG_FILE}")
    answer = reply.object()
    for key, sent in (("user_id", pair.user), ("experiment_name", pair.name)):
        require(
            answer.get(key) == sent,
            f"{reply.asked} answered with {key} {answer.get(key)!r}; the request asked for "
            f"{sent!r}, and the ticket asks for it exactly as sent.",
        )
    listed = config[pair.name]["variants"]
    require(
        answer.get("variant") in listed,
        f"{reply.asked} answered with variant {answer.get('variant')!r}; the variants of this "
        f"experiment in {CONFIG_FILE} are {shortly(listed)}.",
    )


# The file that learners start with, which the grader's own replace.
STARTER: Config = {
    "homepage_headline": {"variants": ["control", "question", "number"]},
    "checkout_button": {"variants": ["green", "orange"]},
    "pricing_page": {"variants": ["monthly first", "yearly first", "single plan"]},
}


@criterion("AC4")
def test_another_file_serves_after_a_restart(start: StartService, draw: Draw) -> None:
    """Another file serves after a restart, with no change of code."""
    kept, gone, new, single, *variants = names(draw, 10)
    before = {kept: experiment(variants[:2], [50, 50]), gone: experiment(variants[:2], [50, 50])}
    after = {
        new: experiment(variants[2:4], [50, 50]),
        kept: experiment(variants[4:6], [50, 50]),
        single: experiment(variants[:1], [3]),
    }
    service = start(files=files(before))
    for name in before:
        require_served(service, before, Pair(name, draw.user_id()))
    service.write_file(CONFIG_FILE, as_file(after))
    service.restart()
    for name in after:
        require_served(service, after, Pair(name, draw.user_id()))
    for name, entry in {gone: before[gone], **STARTER}.items():
        reply = service.send(call(name, draw.user_id()))
        require(
            not is_of(reply, entry),
            f"Experiment {name!r} is not in {CONFIG_FILE} any more, and after a restart "
            f"{reply.asked} still assigns its variants; the ticket asks that the file drives the "
            "service.",
        )


def is_of(reply: Reply, entry: Mapping[str, Sequence[Any]]) -> bool:
    """Whether the reply assigns a variant of this entry of a file."""
    if reply.status != 200:
        return False
    return reply.object().get("variant") in entry["variants"]


# -- AC5 ------------------------------------------------------------------------------------------

SPLIT_USERS = 128
EXPERIMENTS = 8
# How far from one half the users can agree in two experiments: Hoeffding's inequality for 28 pairs,
# 28 · 2 · exp(-2 n t²) = ALARM. That leaves 17 % to 83 % of 128.
FARTHEST = math.sqrt(math.log(28 * 2 / ALARM) / (2 * SPLIT_USERS))
# Fewer with one of two equal variants have P < 1e-14 in each: then hardly anybody splits.
FEWEST_OF_HALF = 20


# With fewer that split there are too few patterns to count.
FEWEST_EXPERIMENTS = 4


def fewest_patterns(cells: int) -> int:
    """How many of ``cells`` patterns the users show at least, but for a probability of ALARM.

    When the experiments are independent, each user falls into one of the cells at random. That all
    of n users fall into some k of m cells has P <= C(m, k) * (k / m)^n, the union over the choices.
    For all eight experiments that is 68 of 256 patterns, where 101 are to be expected; with a hash
    of the user alone there are 2 to 4 patterns, with one that is shifted by the experiment at most
    32, with CRC-32, whose values for two names of one length differ in the same bits for everybody,
    2 or 32.
    """
    few = 1
    while math.comb(cells, few) * (few / cells) ** SPLIT_USERS <= ALARM:
        few += 1
    return few


@criterion("AC5")
def test_the_same_users_split_afresh(start: StartService, draw: Draw) -> None:
    """In each experiment the same users split afresh."""
    base, *variants = names(draw, 3)
    titles = [
        f"{base}-{letter}" for letter in draw.sample("abcdefghijklmnopqrstuvwxyz", EXPERIMENTS)
    ]
    # Both kinds of halves: a hash may be sound modulo 100 and repeat itself modulo 2.
    config = {
        title: experiment(variants, [50, 50] if number % 2 else [1, 1])
        for number, title in enumerate(titles)
    }
    service = start(files=files(config))
    people = [draw.uuid() for _ in range(SPLIT_USERS)]
    half = SPLIT_USERS // 2
    splits: Dict[str, List[bool]] = {title: [] for title in titles}
    for some in (people[:half], people[half:]):
        pairs = [Pair(title, user) for title in titles for user in some]
        got = assigned(service, config, pairs, without="kept")
        for pair in pairs:
            splits[pair.name].append(got[pair] == variants[0])
        if some == people[:half] and plainly_afresh(splits):
            return
    sound = those_that_split(splits, config)
    require_independent_pairs(sound)
    patterns, cells = len(set(zip(*sound.values()))), 2 ** len(sound)
    expected = cells * (1 - (1 - 1 / cells) ** SPLIT_USERS)
    require(
        patterns >= fewest_patterns(cells),
        f"{SPLIT_USERS} users in {len(sound)} experiments with two variants each show only "
        f"{patterns} different combinations of variants, where about {expected:.0f} are to be "
        "expected. Who gets what in one experiment follows from the others; the ticket asks that "
        "the same users split afresh in each.",
    )


# What half of the users show in 9 of 10 samples: then the others are not asked. Where users agree
# as much as FARTHEST allows, or show as few patterns as are allowed, it is about one in 100.
PLAIN_SHARE = 0.2
PLAIN_PATTERNS = 52


def plainly_afresh(splits: Mapping[str, Sequence[bool]]) -> bool:
    """Whether users split evenly, in each experiment and between two, and show many patterns."""
    number = len(next(iter(splits.values())))
    evens = [sum(split) for split in splits.values()]
    evens += [sum(a == b for a, b in zip(*two)) for two in combinations(splits.values(), 2)]
    return len(set(zip(*splits.values()))) >= PLAIN_PATTERNS and all(
        abs(even / number - 0.5) < PLAIN_SHARE for even in evens
    )


def those_that_split(
    splits: Mapping[str, Sequence[bool]], config: Config
) -> Mapping[str, Sequence[bool]]:
    """The experiments in which users split at all; that they do not in others is AC3's."""
    sound: Dict[str, Sequence[bool]] = {}
    for title, split in splits.items():
        first = sum(split)
        if min(first, SPLIT_USERS - first) >= FEWEST_OF_HALF:
            sound[title] = split
        else:
            told = (
                f"Of {SPLIT_USERS} users {first} got the first of two variants with the weights "
                f"{config[title]['weights']} in experiment {title!r}: they hardly split"
            )
    if len(sound) < FEWEST_EXPERIMENTS:
        blocked("AC3", told)
    return sound


def require_independent_pairs(splits: Mapping[str, Sequence[bool]]) -> None:
    """Fail when two experiments divide the users the same way, or the opposite way."""
    for (one, first), (other, second) in combinations(splits.items(), 2):
        same = sum(a == b for a, b in zip(first, second))
        require(
            abs(same / SPLIT_USERS - 0.5) < FARTHEST,
            f"In the experiments {one!r} and {other!r}, both with two equal variants, {same} of "
            f"{SPLIT_USERS} users got the same variant, where about half are to be expected. The "
            "ticket asks that the same users split afresh in each experiment.",
        )


LIKE_USERS = 44
# The other kind, UUIDs, is that of test_the_same_users_split_afresh.
LIKE: Dict[str, Callable[[Draw, int], List[str]]] = {
    "numbers": numbers,
    "e-mail addresses": addresses,
}


@criterion("AC5")
@pytest.mark.parametrize("ids", list(LIKE))
def test_names_that_look_alike_are_different_experiments(
    start: StartService, draw: Draw, ids: str
) -> None:
    """Long names that differ in one character, its case or its accent are different experiments."""
    base, *variants = names(draw, 3)
    domain = draw.business_domain()
    titles = [f"{base} of {domain} {letter}" for letter in draw.shuffled("eEéè12")]
    titles += [f"{base} {word} {domain}" for word in ("of", "or")]
    titles += [f"{base}+of {domain}", f"{base} of {domain} "]
    config = {title: experiment(variants, [50, 50]) for title in titles}
    service = start(files=files(config))
    people = LIKE[ids](draw, LIKE_USERS)
    # That all names serve, each for itself, is AC4's.
    served = [title for title in titles if is_named(service.send(call(title, people[0])), title)]
    alike = list(combinations(served, 2))
    met: Dict[str, Dict[str, None]] = {title: {} for title in served}
    for user in people:
        titles = [title for title in served if any(title in pair for pair in alike)]
        got = assigned(service, config, [Pair(title, user) for title in titles], without="kept")
        for title in titles:
            met[title][got[Pair(title, user)]] = None
        alike = [(a, b) for a, b in alike if got[Pair(a, user)] == got[Pair(b, user)]]
    for one, other in alike:
        # All alike by chance: 2^-44 for each of the 45 pairs. Who all get one variant anyway are
        # of test_the_same_users_split_afresh.
        require(
            len(met[one]) == 1,
            f"In the experiments {one!r} and {other!r}, both with two equal variants, all "
            f"{LIKE_USERS} users got the same variant in both. The ticket asks that the same "
            "users split afresh in each experiment.",
        )


def is_named(reply: Reply, title: str) -> bool:
    """Whether the reply is 200 with a JSON object that names the experiment."""
    try:
        return reply.expect(200).object().get("experiment_name") == title
    except CheckFailed:
        return False


# -- CONFIG ---------------------------------------------------------------------------------------

# What is wrong with the experiment: its number of variants, and its weights.
BROKEN: Dict[str, Tuple[int, List[float]]] = {
    "more variants than weights": (3, [50, 50]),
    "more weights than variants": (2, [50, 25, 25]),
    "a negative weight": (3, [60, -20, 60]),
    "a negative weight in the first place": (3, [-0.5, 60, 60]),
    "a single weight, negative": (1, [-1]),
    "weights that are all zero": (2, [0, 0]),
    "a single weight, zero": (1, [0]),
}
NO_JSON = "no JSON"
EMPTY = "an empty file"


def broken_file(draw: Draw, kind: str) -> Tuple[Optional[str], bytes]:
    """The name of the broken experiment, if one is, and the file with it between two good ones."""
    before, name, after, *variants = names(draw, 9)
    good = experiment(variants[:2], [50, 50])
    if kind == EMPTY:
        return None, b""
    if kind == NO_JSON:
        return None, as_file({before: good, name: good, after: good})[:-20]
    return name, as_file({before: good, name: broken_entry(kind, variants[2:]), after: good})


def broken_entry(kind: str, variants: Sequence[str]) -> Dict[str, List[Any]]:
    """An experiment that is broken in this way."""
    count, weights = BROKEN[kind]
    return experiment(variants[:count], weights)


@criterion("CONFIG")
@pytest.mark.parametrize("kind", [*BROKEN, NO_JSON, EMPTY])
def test_a_broken_file_stops_the_start(start: StartService, draw: Draw, kind: str) -> None:
    """A broken file stops the start, and the message names the experiment or the file."""
    name, data = broken_file(draw, kind)
    try:
        failed = start.expecting_failure(files={CONFIG_FILE: data})
    except CheckFailed:
        message = f"With a broken {CONFIG_FILE} ({kind}) the service started and serves; the ticket"
        raise CheckFailed(f"{message} asks that it does not start.") from None
    require(
        failed.problem.kind != "start_timeout",
        f"With a broken {CONFIG_FILE} ({kind}) the service neither started nor ended; the ticket "
        "asks that it stops with a message.",
    )
    told = f"{failed.console}\n{failed.problem.message}".lower()
    wanted = [CONFIG_FILE] if name is None else [name, CONFIG_FILE]
    require(
        any(word.lower() in told for word in wanted),
        f"With a broken {CONFIG_FILE} ({kind}) the service stopped, but nothing on the console "
        f"names {' or '.join(wanted)}; the ticket asks for a message that names the experiment or "
        "the file.",
    )


# -- RELOAD ---------------------------------------------------------------------------------------

# A change has to serve within 2 seconds. It is asked for every 50 ms, 70 times: 3.5 seconds on an
# idle machine, and on a busy one as much longer as the service itself is kept waiting.
ASK_EVERY = 0.05
ASK_TIMES = 70
# How long a broken change is ignored: longer than the time in which it would have served.
IGNORED_SECONDS = 2.3
ASK_MEANWHILE_EVERY = 0.15
# Some file systems, and some programs, count the time of a change in whole seconds.
SETTLED_SECONDS = 1.1
# All that is written is of one size, but what is empty: the size tells of no change.
SIZE = 2000


class Watched:
    """A running service whose file changes; ``atomically`` says how."""

    def __init__(self, service: Service, config: Config, *, atomically: bool) -> None:
        self.service = service
        self.config = config
        self.how = "replaced by another file" if atomically else "rewritten in place"
        self.broken_by = ""  # the kind of the broken change before, if there was one
        self._atomically = atomically

    def write(self, data: bytes) -> None:
        """Change the file; spaces after it, which change nothing in JSON, give it its size."""
        data = data and data.ljust(SIZE)
        self.service.write_file(CONFIG_FILE, data, atomically=self._atomically)

    def ask(self, name: str) -> Reply:
        """Ask for somebody's variant in an experiment."""
        # After an unhandled exception uvicorn closes the connection, perhaps as it is used again.
        return self.service.send(call(name, "somebody"), own_connection=True)

    def after_what(self) -> str:
        """What came before the present change, for a message."""
        if not self.broken_by:
            return ""
        return f", after a broken change ({self.broken_by}) that it had rightly ignored"

    def serves(self, config: Config, gone: Sequence[str] = ()) -> bool:
        """Whether each experiment of ``config`` serves, and none of ``gone``."""
        return self.first_without(config) is None and not any(
            is_of(self.ask(name), self.config[name]) for name in gone
        )

    def first_without(self, config: Config) -> Optional[Reply]:
        """The first answer that assigns no variant of its experiment in ``config``, if one does."""
        replies = ((self.ask(name), entry) for name, entry in config.items())
        return next((reply for reply, entry in replies if not is_of(reply, entry)), None)


@criterion("RELOAD")
def test_a_changed_file_serves(start: StartService, draw: Draw) -> None:
    """A changed file serves without a restart, and a broken change leaves the last good one."""
    kept, gone, new, later, *variants = names(draw, 12)
    first = {kept: experiment(variants[:2], [50, 50]), gone: experiment(variants[:2], [50, 50])}
    second = {kept: experiment(variants[2:4], [50, 50]), new: experiment(variants[2:4], [50, 50])}
    third = {later: experiment(variants[4:6], [50, 50]), kept: experiment(variants[6:], [50, 50])}
    broken = broken_changes(third, variants[4:])
    *watched, unasked = [
        Watched(start(files=files(first)), first, atomically=number % 2 == 1)
        for number in range(len(broken) + 1)
    ]
    for one in (*watched, unasked):  # from what was never served there is no change to be seen
        reply = one.first_without(first)
        if reply is not None:
            raise CheckFailed(
                f"The experiment of {reply.asked} is in the {CONFIG_FILE} that the service was "
                f"started with, and the answer was {reply.status} and {reply.text[:200]}; a change "
                "can only be seen by a service that serves the file."
            )
    require_change(watched, second, gone=[gone])
    keep_serving(watched, second, SETTLED_SECONDS)
    unasked.write(as_file(second))
    for one, (kind, data) in zip(watched, broken.items()):
        one.write(data)
        one.broken_by = kind
        keep_serving([one], second, 0)
    keep_serving(watched, second, IGNORED_SECONDS)
    require_new_at_first(unasked, second, third)
    require_change(watched, third, gone=[new])


def broken_changes(config: Config, variants: Sequence[str]) -> Dict[str, bytes]:
    """Contents that are broken, each in another way, made of a good configuration."""
    name = next(iter(config))
    kinds = (
        "more variants than weights",
        "a negative weight in the first place",
        "a single weight, zero",
    )
    changes = {kind: as_file({**config, name: broken_entry(kind, variants)}) for kind in kinds}
    return {NO_JSON: as_file(config)[:-20], EMPTY: b"", **changes}


def require_change(watched: Sequence[Watched], config: Config, gone: Sequence[str]) -> None:
    """Change the file of each service, and fail unless it serves soon."""
    for one in watched:
        one.write(as_file(config))
    waiting = list(watched)
    for _ in range(ASK_TIMES):
        next_time = time.monotonic() + ASK_EVERY
        waiting = [one for one in waiting if not one.serves(config, gone)]
        if not waiting:
            break
        time.sleep(max(0.0, next_time - time.monotonic()))
    for one in waiting:
        require(
            False,
            f"{CONFIG_FILE} was {one.how} while the service ran"
            f"{one.after_what()}, and more than "
            f"{ASK_TIMES * ASK_EVERY:.1f} seconds later the new content was not what it served. "
            "The ticket asks that a changed file serves within 2 seconds: new experiments, new "
            "variants, and none that was taken out.",
        )
    for one in watched:
        one.config = config


def require_new_at_first(one: Watched, changed: Config, again: Config) -> None:
    """Fail if the first request after a change, however late, is answered from the old content.

    The file was ``changed`` more than 2 seconds ago, and nothing was asked since; ``again`` is for
    a second trial.
    """
    if one.first_without(changed) is None:
        return
    # On a busy machine a look at the file every two seconds may come late: once more, with all the
    # patience that there is elsewhere. The service answers meanwhile, but assigns nothing.
    time.sleep(SETTLED_SECONDS)  # what that request has set going must not see the next change
    one.write(as_file(again))
    for _ in range(ASK_TIMES):
        one.service.send(Call("GET", "/"), own_connection=True)
        time.sleep(ASK_EVERY)
    reply = one.first_without(again)
    if reply is not None:
        raise CheckFailed(
            f"{CONFIG_FILE} was {one.how} while the service ran, and more than "
            f"{ASK_TIMES * ASK_EVERY:.1f} seconds later the first request, {reply.asked}, gave "
            f"{reply.status} and {reply.text[:200]}. The ticket asks that the new content serves "
            "within 2 seconds, whether or not anybody asks in the meantime."
        )


def keep_serving(watched: Sequence[Watched], config: Config, seconds: float) -> None:
    """Ask for ``seconds``, and fail if a service does not serve ``config`` all the while."""
    until = time.monotonic() + seconds
    while True:
        for one in watched:
            reply = one.first_without(config)
            if reply is not None:
                broken = f"After a change to broken content ({one.broken_by})"
                what = broken if one.broken_by else "Some time after a change"
                raise CheckFailed(
                    f"{what} ({CONFIG_FILE} was {one.how}) {reply.asked} gave {reply.status} and "
                    f"{reply.text[:200]}; the ticket asks that the last good configuration "
                    "serves on."
                )
        if time.monotonic() >= until:
            return
        time.sleep(ASK_MEANWHILE_EVERY)
