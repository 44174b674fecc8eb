"""Acceptance tests of PROJ-101: lead ingestion and qualification."""

import re
import uuid
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import pytest

from grader.acceptance import Draw, Reply, Service, brief, criterion, require
from grader.errors import CheckFailed

ROLES = ("CEO", "CTO", "Founder", "VP of Engineering")
JOBS = ("Designer", "Accountant", "Manager", "Student", "Intern", "Recruiter", "Analyst", "Clerk")
# Near the four roles and none of them: the whole role counts.
NEAR_ROLES = (
    *(f"{role} Assistant" for role in ROLES),
    *(f"Assistant to the {role}" for role in ROLES),
    *("CFO", "Co-Founder", "VP of Sales", "VP Engineering", "Head of Engineering", "Engineering"),
)
PROVIDERS = ("gmail.com", "yahoo.com", "outlook.com")
# Free as well, and not among the three.
OTHER_PROVIDERS = ("hotmail.com", "icloud.com", "aol.com", "proton.me", "yahoo.co.uk", "outlook.de")
FIELDS = ("first_name", "last_name", "company_name", "role", "email", "company_size")

Lead = Dict[str, Any]


# -- leads ----------------------------------------------------------------------------------------


def good_lead(draw: Draw, **changes: Any) -> Lead:
    """A lead that meets all three rules, but for ``changes``."""
    lead: Lead = {
        "first_name": draw.first_name(),
        "last_name": draw.last_name(),
        "company_name": draw.company(),
        "role": draw.choice(ROLES),
        "email": draw.email(),
        # What lies near the limit, and what is very large, is of AC1.
        "company_size": draw.integer(200, 900),
    }
    lead.update(changes)
    return {name: lead[name] for name in draw.shuffled(list(lead))}


def free_email(draw: Draw, provider: Optional[str] = None) -> str:
    """An address at a free provider."""
    return draw.email(provider or draw.choice(PROVIDERS))


def other_role(draw: Draw) -> str:
    """A role that is none of the four; title case would change it, as it would many a real one."""
    return draw.choice((draw.choice(JOBS), f"{draw.word()} {draw.choice(JOBS)}"))


# What breaks each rule.
BREAKS: Dict[str, Callable[[Draw], Lead]] = {
    # What lies near the limit is of AC2 alone.
    "size": lambda draw: {"company_size": draw.integer(2, 5)},
    "role": lambda draw: {"role": other_role(draw)},
    "e-mail": lambda draw: {"email": free_email(draw)},
}


def breaking(draw: Draw, *rules: str, **more: Any) -> Lead:
    """A lead that fails exactly these rules; ``more`` overrides what was drawn."""
    changes: Lead = {}
    for rule in rules:
        changes.update(BREAKS[rule](draw))
    return good_lead(draw, **{**changes, **more})


def each_way(draw: Draw, rules: Sequence[str], known_role: str) -> List[Lead]:
    """Leads that fail exactly these rules: with each provider where the address is among them."""
    role = {} if "role" in rules else {"role": known_role}
    if "e-mail" not in rules:
        return [breaking(draw, *rules, **role) for _ in range(3)]
    return [
        breaking(draw, *rules, **role, email=free_email(draw, provider)) for provider in PROVIDERS
    ]


def told(lead: Lead) -> str:
    """A lead in few words, for a message."""
    return f"company_size {lead['company_size']}, role {lead['role']!r}, email {lead['email']}"


# -- answers --------------------------------------------------------------------------------------


def sent(service: Service, lead: Lead) -> Reply:
    """Send a lead that is valid: 201, qualified or not."""
    reply = service.post("/leads", json=lead)
    return reply.expect(201, why="the data is valid, so there is a new lead")


def notes_of(answer: Lead) -> List[str]:
    """The notes; null or left out counts as none."""
    notes = answer.get("qualification_notes")
    if notes is None:
        return []
    require(
        isinstance(notes, list) and all(isinstance(note, str) and note.strip() for note in notes),
        f"`qualification_notes` is {brief(notes)}; the ticket asks for a list of strings for "
        "people to read.",
    )
    return list(notes)


def require_status(answer: Lead, wanted: str, why: str) -> None:
    """Fail unless the answer has this status."""
    has = (
        f"its status is {brief(answer['status'])}"
        if "status" in answer
        else "the answer has no `status`"
    )
    require(answer.get("status") == wanted, f"{why}, and {has}; the ticket asks for {wanted!r}.")


def require_qualified(answer: Lead, lead: Lead) -> None:
    """Fail unless the lead is Qualified without a note."""
    require_status(answer, "Qualified", f"A lead with {told(lead)} meets all three rules")
    notes = notes_of(answer)
    require(
        notes == [],
        f"A lead with {told(lead)} is Qualified and has the notes {brief(notes, 300)}; the ticket "
        "asks for a note only where a rule failed.",
    )


def require_unqualified(answer: Lead, lead: Lead, count: int) -> None:
    """Fail unless the lead is Unqualified with one note for each failed rule."""
    rules = {1: "exactly one rule", 2: "two rules", 3: "all three rules"}[count]
    require_status(answer, "Unqualified", f"A lead with {told(lead)} fails {rules}")
    notes = notes_of(answer)
    require(
        len(notes) == count,
        f"A lead with {told(lead)} fails {rules}, and has {len(notes)} "
        f"{'note' if len(notes) == 1 else 'notes'}: {brief(notes, 300)}. The ticket asks for one "
        f"note for each failed rule, {count} here.",
    )


def same_email(one: object, other: str) -> bool:
    """Whether two addresses are the same; the letter case of the domain does not count."""
    if not isinstance(one, str) or "@" not in one:
        return False
    (name, _, domain), (other_name, _, other_domain) = one.rpartition("@"), other.rpartition("@")
    return name == other_name and domain.lower() == other_domain.lower()


def require_echo(answer: Lead, lead: Lead) -> None:
    """Fail unless the six submitted fields are in the answer."""
    for name in FIELDS:
        require(name in answer, f"The answer has no `{name}`; the ticket asks for all six fields.")
        same = (
            same_email(answer[name], lead[name])
            if name == "email"
            else answer[name] == lead[name] and not isinstance(answer[name], bool)
        )
        require(
            same,
            f"`{name}` was sent as {lead[name]!r} and came back as {brief(answer[name])}; the "
            "ticket asks for the submitted data.",
        )


def lead_id_of(answer: Lead) -> uuid.UUID:
    """The id, which must be a UUID."""
    require("lead_id" in answer, "The answer has no `lead_id`; the ticket asks for a UUID.")
    value = answer["lead_id"]
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        require(False, f"`lead_id` is {brief(value)}; the ticket asks for a UUID.")
        raise  # not reached


def require_different(ids: Sequence[uuid.UUID], what: str) -> None:
    """Fail unless no two of the ids are the same."""
    require(
        len(set(ids)) == len(ids),
        f"{len(ids)} leads {what}, and two of them have the same lead_id; the ticket asks for a "
        "new one each time.",
    )


# -- AC1 ------------------------------------------------------------------------------------------


@pytest.fixture
def known_role(service: Service, draw: Draw) -> str:
    """One of the four roles that the service knows: that it knows all has a check of its own."""
    roles = draw.shuffled(ROLES)
    for role in roles:
        if '"Qualified"' in service.post("/leads", json=good_lead(draw, role=role)).text:
            return role
    return roles[0]


@criterion("AC1")
def test_a_lead_that_meets_all_rules_is_qualified(
    service: Service, draw: Draw, known_role: str
) -> None:
    """A lead that meets all three rules gives 201 and Qualified, without notes."""
    lead = good_lead(draw, role=known_role)
    require_qualified(sent(service, lead).object(), lead)


@criterion("AC1")
def test_a_lead_inherits_nothing_from_the_one_before(
    service: Service, draw: Draw, known_role: str
) -> None:
    """A lead that meets all rules is Qualified also when it follows one that does not."""
    # No other test sends this role: what a cache keeps of the lead is seen by AC2, not by luck.
    service.post("/leads", json=breaking(draw, *BREAKS, role=f"Head of {draw.word()}"))
    lead = good_lead(draw, role=known_role)
    require_qualified(sent(service, lead).object(), lead)


@criterion("AC1")
def test_the_submitted_data_comes_back(service: Service, draw: Draw) -> None:
    """The answer holds the six submitted fields."""
    name = f"{draw.first_name()}.{draw.last_name()}"
    for domain in (draw.business_domain(), draw.business_domain().upper()):
        # Data whose letter case, spaces and signs a well-meaning correction would change.
        lead = good_lead(
            draw,
            first_name="Zoë-" + draw.first_name(),
            last_name=f"de {draw.last_name()}",
            company_name=f"{draw.word()} & {draw.company()} GmbH",
            email=f"{name}@{domain}",
        )
        require_echo(sent(service, lead).object(), lead)


@criterion("AC1")
def test_each_lead_has_a_new_id(service: Service, draw: Draw) -> None:
    """Every lead has a UUID of its own, also when the same data is sent again."""
    lead = good_lead(draw)
    leads = [lead, good_lead(draw), lead, lead]
    require_different([lead_id_of(sent(service, one).object()) for one in leads], "were sent")


@criterion("AC1")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_qualifies_in_any_letter_case(service: Service, draw: Draw, role: str) -> None:
    """The role qualifies in any letter case."""
    for written in (role, role.lower(), role.upper(), draw.mixed_case(role)):
        lead = good_lead(draw, role=written)
        answer = sent(service, lead).object()
        require_qualified(answer, lead)
        require_echo(answer, lead)


@criterion("AC1")
def test_a_company_of_eleven_is_large_enough(service: Service, draw: Draw, known_role: str) -> None:
    """A company of 11 qualifies, and so does a very large one."""
    for size in (11, 12, draw.integer(100_000, 2_000_000)):
        lead = good_lead(draw, company_size=size, role=known_role)
        require_qualified(sent(service, lead).object(), lead)


@criterion("AC1")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_whole_domain_counts(
    service: Service, draw: Draw, known_role: str, provider: str
) -> None:
    """A business domain that only resembles a free provider's qualifies."""
    name, ending = provider.split(".")
    for domain in (
        f"not{provider}",
        f"{draw.word()}-{provider}",
        f"{provider}.{draw.word()}.{draw.choice(('io', 'net'))}",
        f"{name}{draw.integer(2, 99)}.{ending}",
        provider[1:],  # mail.com is one
    ):
        lead = good_lead(draw, email=draw.email(domain), role=known_role)
        require_qualified(sent(service, lead).object(), lead)


@criterion("AC1")
def test_only_the_three_providers_count(service: Service, draw: Draw, known_role: str) -> None:
    """An address at a provider that is none of the three qualifies."""
    for domain in draw.shuffled(OTHER_PROVIDERS):
        lead = good_lead(draw, email=draw.email(domain), role=known_role)
        require_qualified(sent(service, lead).object(), lead)


# -- AC2 and AC3 ----------------------------------------------------------------------------------


@criterion("AC2")
@pytest.mark.parametrize("rule", list(BREAKS))
def test_one_failed_rule_gives_one_note(
    service: Service, draw: Draw, known_role: str, rule: str
) -> None:
    """A lead that fails this rule alone is Unqualified, with exactly one note."""
    for lead in each_way(draw, [rule], known_role):
        require_unqualified(sent(service, lead).object(), lead, 1)


@criterion("AC2")
@pytest.mark.parametrize("rule", list(BREAKS))
def test_a_lead_that_comes_again_has_its_one_note_again(
    service: Service, draw: Draw, known_role: str, rule: str
) -> None:
    """A lead that fails this rule alone has exactly one note also when it is sent again."""
    lead = each_way(draw, [rule], known_role)[0]
    for _ in range(3):
        require_unqualified(sent(service, lead).object(), lead, 1)


@criterion("AC2")
def test_an_unqualified_lead_is_a_lead_like_any_other(
    service: Service, draw: Draw, known_role: str
) -> None:
    """A lead that fails a rule has a UUID of its own and the six submitted fields."""
    try:
        require_identities(service, [good_lead(draw, role=known_role) for _ in range(2)])
    except CheckFailed:
        return  # no lead has them, which is AC1's to say
    require_identities(service, [breaking(draw, "size", role=known_role), breaking(draw, "role")])


def require_identities(service: Service, leads: Sequence[Lead]) -> None:
    """Send leads, the first one again at the end; fail unless each has an id of its own and the
    six submitted fields."""
    ids = []
    for lead in [*leads, leads[0]]:
        answer = sent(service, lead).object()
        require_echo(answer, lead)
        ids.append(lead_id_of(answer))
    require_different(ids, "that fail a rule were sent, one of them twice")


@criterion("AC2")
@pytest.mark.parametrize("size", [1, 9, 10])
def test_a_company_of_ten_is_too_small(
    service: Service, draw: Draw, known_role: str, size: int
) -> None:
    """A company of ten or less is too small."""
    lead = good_lead(draw, company_size=size, role=known_role)
    require_unqualified(sent(service, lead).object(), lead, 1)


@criterion("AC2")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_free_provider_fails_in_any_letter_case(
    service: Service, draw: Draw, known_role: str, provider: str
) -> None:
    """An address at this free provider fails, in any letter case."""
    for written in (provider, provider.upper(), draw.mixed_case(provider)):
        lead = good_lead(draw, email=draw.email(written), role=known_role)
        require_unqualified(sent(service, lead).object(), lead, 1)


@criterion("AC2")
def test_a_role_that_only_resembles_fails(service: Service, draw: Draw) -> None:
    """A role that only resembles one of the four fails."""
    for role in draw.sample(NEAR_ROLES, len(NEAR_ROLES)):
        lead = good_lead(draw, role=role)
        require_unqualified(sent(service, lead).object(), lead, 1)


@criterion("AC3")
@pytest.mark.parametrize(
    "rules",
    [("size", "role"), ("size", "e-mail"), ("role", "e-mail"), ("size", "role", "e-mail")],
    ids=" and ".join,
)
def test_each_failed_rule_gives_its_note(
    service: Service, draw: Draw, known_role: str, rules: List[str]
) -> None:
    """A lead that fails several rules is Unqualified, with one note for each."""
    for lead in each_way(draw, rules, known_role):
        require_unqualified(sent(service, lead).object(), lead, len(rules))


# -- AC4 ------------------------------------------------------------------------------------------


def require_refused(reply: Reply, why: str) -> None:
    """Fail unless the answer is 422 without a lead."""
    reply.expect(422, why=why)
    try:
        answer = reply.object()
    except CheckFailed:  # an error's body is not graded, only that it is no lead
        return
    require(
        answer.get("lead_id") is None,
        f"The answer is 422 and has a lead_id: {reply.text[:200]}",
    )


@criterion("AC4")
@pytest.mark.parametrize(
    "kind", ["a string", "a string of more than digits", "zero", "negative", "a fraction"]
)
def test_a_company_size_that_is_no_positive_integer(
    service: Service, draw: Draw, kind: str
) -> None:
    """A company_size that is no positive integer gives 422."""
    sizes: Dict[str, List[Any]] = {
        "a string": [str(draw.integer(11, 5000)), f"{draw.integer(11, 5000)} employees", "many"],
        "a string of more than digits": [
            f"{draw.integer(11, 5000)}.0",
            f" {draw.integer(11, 5000)}",
            f"+{draw.integer(11, 5000)}",
        ],
        "zero": [0],
        "negative": [-1, -draw.integer(2, 5000)],
        "a fraction": [10.5, draw.integer(11, 900) + 0.5, draw.integer(11, 900) + 0.25],
    }
    for size in sizes[kind]:
        reply = service.post("/leads", json=good_lead(draw, company_size=size))
        require_refused(reply, f"company_size {size!r} is not a positive integer")


@criterion("AC4")
def test_an_email_that_is_no_address(service: Service, draw: Draw) -> None:
    """An e-mail that is no address gives 422."""
    word, domain = draw.word(), draw.business_domain()
    for email in (
        word,
        f"{word}.{domain}",
        f"@{domain}",
        f"{word}@",
        f"{word} {word}@{domain}",
        f"{word}@{word}@{domain}",
    ):
        reply = service.post("/leads", json=good_lead(draw, email=email))
        require_refused(reply, f"{email!r} is no e-mail address")


@criterion("AC4")
@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field(service: Service, draw: Draw, field: str) -> None:
    """A body without this field gives 422, qualified or not."""
    for lead in (good_lead(draw), breaking(draw, "size", "role", "e-mail")):
        del lead[field]
        require_refused(service.post("/leads", json=lead), f"{field} is missing")


@criterion("AC4")
@pytest.mark.parametrize("field", [name for name in FIELDS if name != "company_size"])
def test_a_number_where_a_string_belongs(service: Service, draw: Draw, field: str) -> None:
    """A number in this field gives 422."""
    lead = good_lead(draw, **{field: draw.integer(1, 10_000)})
    require_refused(service.post("/leads", json=lead), f"{field} is a number")


@criterion("AC4")
def test_a_body_that_is_no_json(service: Service, draw: Draw) -> None:
    """A body of plain text that is no JSON gives 422."""
    text = f"{draw.first_name()} {draw.last_name()}, {draw.choice(ROLES)} at {draw.company()}"
    for kind in ("application/json", "text/plain"):
        reply = service.post("/leads", content=text.encode(), headers={"Content-Type": kind})
        require_refused(reply, "the body is plain text, not JSON")


# -- NOTES ----------------------------------------------------------------------------------------


def notes_on(service: Service, lead: Lead) -> List[str]:
    """The notes on a lead; which status of success the answer has is other criteria's."""
    reply = service.post("/leads", json=lead)
    if not 200 <= reply.status < 300:
        reply.expect(201, why="the data is valid")
    return notes_of(reply.object())


def require_named(named: bool, field: str, value: object, notes: List[str]) -> None:
    """Fail unless a note names the value."""
    require(
        named,
        f"A lead failed by its {field} alone ({value!r}), and its notes are {brief(notes, 300)}; "
        "the ticket asks that the note names the value.",
    )


@criterion("NOTES")
def test_the_note_on_the_size_names_it(service: Service, draw: Draw) -> None:
    """The note on the size names the size."""
    # Sizes that "greater than 10" does not name by chance.
    for size in draw.sample(range(2, 6), 2):
        notes = notes_on(service, good_lead(draw, company_size=size))
        named = any(re.search(rf"(?<!\d){size}(?!\d)", note) for note in notes)
        require_named(named, "company_size", size, notes)


@criterion("NOTES")
def test_the_note_on_the_role_names_it(service: Service, draw: Draw) -> None:
    """The note on the role names it as it was sent."""
    # Letter case that no conversion gives by chance.
    for role in (
        f"{draw.word()} {draw.choice(JOBS)}",
        f"{draw.word().title()} {draw.word()} {draw.choice(JOBS)}",
    ):
        notes = notes_on(service, good_lead(draw, role=role))
        require_named(any(role in note for note in notes), "role", role, notes)


@criterion("NOTES")
def test_the_note_on_the_address_names_its_domain(service: Service, draw: Draw) -> None:
    """The note on the e-mail names its domain."""
    lead, name = good_lead(draw), draw.email().partition("@")[0]
    seen: Dict[str, List[str]] = {}
    for provider in draw.shuffled(PROVIDERS):
        notes = notes_on(service, {**lead, "email": f"{name}@{provider}"})
        named = any(provider in note.lower() for note in notes)
        require_named(named, "email", provider, notes)
        # A sentence that lists all the providers names this one too, and says nothing of the lead.
        same = [other for other, others in seen.items() if others == notes]
        require(
            not same,
            f"Leads with addresses at {''.join(same[:1])} and at {provider} have the same notes, "
            f"{brief(notes, 300)}; the ticket asks that the note names the domain of the e-mail.",
        )
        seen[provider] = notes


# -- OPENAPI --------------------------------------------------------------------------------------


MOST_BRANCHES = 50
LONGEST_REF = 500


class Document:
    """An OpenAPI document, read tolerantly: versions 3.0 and 3.1, $ref, unions, allOf."""

    def __init__(self, data: Dict[str, Any]) -> None:
        self._data = data

    def resolve(self, node: Any) -> Dict[str, Any]:
        """The object that a node is or refers to."""
        for _ in range(20):
            if not isinstance(node, dict):
                return {}
            ref = node.get("$ref")
            if not isinstance(ref, str) or not ref.startswith("#/"):
                return node
            if len(ref) > LONGEST_REF:
                return {}
            node = self._data
            for part in ref[2:].split("/"):
                key = part.replace("~1", "/").replace("~0", "~")
                node = node.get(key) if isinstance(node, dict) else None
        return {}

    def branches(self, node: Any) -> List[Dict[str, Any]]:
        """A schema and all schemas that it is made of; they may refer to each other in circles."""
        found: List[Dict[str, Any]] = []
        waiting = [node]
        while waiting and len(found) < MOST_BRANCHES:
            schema = self.resolve(waiting.pop(0))
            if any(schema is known for known in found):
                continue
            found.append(schema)
            for key in ("anyOf", "oneOf", "allOf"):
                parts = schema.get(key)
                waiting += parts[:MOST_BRANCHES] if isinstance(parts, list) else []
        return found

    def property_of(self, node: Any, name: str) -> List[Dict[str, Any]]:
        """All schemas of a property, over the branches of an object's schema."""
        found: List[Dict[str, Any]] = []
        for branch in self.branches(node):
            properties = branch.get("properties")
            if isinstance(properties, dict) and name in properties:
                found += self.branches(properties[name])
        return found


# "^(One|Other)$" and "^One$|^Other$": patterns that allow just these words.
ALTERNATIVES = re.compile(r"\^\((?:\?:)?\w+(?:\|\w+)*\)\$|\^\w+\$(?:\|\^\w+\$)*")


def unlike_json(kind: str) -> Tuple[bool, bool]:
    """A key that sorts media types: JSON itself, other kinds of JSON, all else."""
    kind = kind.lower()
    return not kind.startswith("application/json"), "json" not in kind


def values_of(schemas: List[Dict[str, Any]]) -> List[str]:
    """The values that an enumeration, constants, a pattern or a union of them allow."""
    values: List[str] = []
    for schema in schemas:
        enumeration = schema.get("enum")
        values += enumeration if isinstance(enumeration, list) else []
        if "const" in schema:
            values.append(schema["const"])
        pattern = str(schema.get("pattern", ""))
        if ALTERNATIVES.fullmatch(pattern):
            values += re.findall(r"\w+", pattern)
    return sorted({str(value) for value in values if value is not None})


@pytest.fixture
def operation(service: Service) -> Dict[str, Any]:
    """What the document says of POST /leads, with the document under "document"."""
    reply = service.get("/openapi.json").expect(200, why="the documentation is served there")
    data = reply.object()
    document = Document(data)
    paths = document.resolve(data.get("paths"))
    found = document.resolve(document.resolve(paths.get("/leads")).get("post"))
    require(found, "/openapi.json does not document POST /leads.")
    responses = document.resolve(found.get("responses"))
    return {"document": document, "responses": responses}


@criterion("OPENAPI")
def test_the_answer_is_documented(operation: Dict[str, Any]) -> None:
    """POST /leads documents 201 with the schema of its answer."""
    document: Document = operation["document"]
    created = document.resolve(operation["responses"].get("201"))
    require(
        created,
        f"/openapi.json documents the statuses {sorted(operation['responses'])} for POST /leads; "
        "the ticket asks for 201.",
    )
    contents = document.resolve(created.get("content"))
    # Some say the character set, too ("application/json; charset=utf-8"), some a kind of JSON
    # ("application/hal+json"), some any type ("*/*").
    kind = min(contents, key=unlike_json, default="")
    schema = document.resolve(contents.get(kind)).get("schema")
    require(schema, "The 201 answer has no schema: nothing is said of what it holds.")
    lead_id = document.property_of(schema, "lead_id")
    require(
        # pydantic's UUID4 and its sisters say which version they are.
        any(re.fullmatch("uuid[1-8]?", str(one.get("format"))) for one in lead_id),
        "The schema of the 201 answer has no `lead_id` of format uuid.",
    )
    values = values_of(document.property_of(schema, "status"))
    require(
        values == ["Qualified", "Unqualified"],
        f"The schema of the 201 answer allows {values or 'any string'} as `status`; the ticket "
        "asks for exactly the two values.",
    )
    require(
        document.property_of(schema, "qualification_notes"),
        "The schema of the 201 answer has no `qualification_notes`.",
    )


@criterion("OPENAPI")
def test_the_refusal_is_documented(operation: Dict[str, Any]) -> None:
    """POST /leads documents 422."""
    responses = operation["responses"]
    require(
        "422" in responses or "4XX" in responses,
        f"/openapi.json documents the statuses {sorted(responses)} for POST /leads; the ticket "
        "asks for 422 too.",
    )
