"""Each report against its format's own schema or reader, for real and for hostile scorecards."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any, Dict, List

import jsonschema
import junitparser
import pytest
import xmlschema

from grader.reports import FORMATS, renderer
from grader.reports import markdown as markdown_report
from grader.reports.github import LONGEST
from grader.run import environment_of
from grader.scorecard import Check, CriterionResult, ExerciseResult, Scorecard, Verdict
from grader.tests.conftest import MINIATURE, Grade
from grader.tests.test_reports import HOSTILE, scorecard
from grader.workbook import ROOT

SCHEMA = json.loads((ROOT / "grader" / "reports" / "scorecard.schema.json").read_text())
XSD = xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))
# What a reader of text may act on: escape sequences, overrides of the direction of writing …
ACTIVE = HOSTILE + "\x9b31m\u202egnp.exe\u2066\u200b\ue000\x85\x07"


@pytest.fixture(params=["reference", "failing", "not starting", "hostile", "hostile start"])
def card(request: pytest.FixtureRequest, grade_source: Grade) -> Scorecard:
    """Scorecards of every kind: real ones of the miniature, and such as nobody should see."""
    if request.param.startswith("hostile"):
        return scorecard(ACTIVE, problem=request.param.endswith("start"))
    source = {
        "reference": (MINIATURE / "solutions" / "ex-1" / "main.py").read_text(),
        "failing": "from fastapi import FastAPI\napp = FastAPI()\n",
        "not starting": "import nothing_of_this_name\n",
    }[request.param]
    result = grade_source(source)
    return Scorecard(7, environment_of([result]), (result,))


def test_json_follows_its_published_schema(card: Scorecard) -> None:
    document = json.loads(renderer("json")(card))
    validator = jsonschema.Draft7Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    assert [error.message for error in validator.iter_errors(document)] == []


def test_the_schema_has_the_fields_that_others_rely_on() -> None:
    # The names that the README and the users of the JSON form know.
    assert set(SCHEMA["required"]) == set(
        "schema seed score max_score passed environment exercises".split()
    )
    exercise = SCHEMA["definitions"]["exercise"]["required"]
    assert set(exercise) >= set(
        "exercise ticket title passed score max_score duration problem looks_like criteria "
        "console".split()
    )
    criterion = SCHEMA["definitions"]["criterion"]["required"]
    assert set(criterion) == set(
        "id kind points title statement verdict earned duration checks".split()
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [("score", -1), ("schema", 2), ("seed", "7"), ("passed", None), ("more", 1)],
)
def test_the_schema_tells_a_wrong_document(path: str, value: object) -> None:
    document = {**json.loads(renderer("json")(scorecard())), path: value}
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(document)


def test_junit_follows_its_schema(card: Scorecard) -> None:
    XSD.validate(renderer("junit")(card).split("\n", 1)[1])


def test_junit_says_to_its_reader_what_the_scorecard_says(card: Scorecard) -> None:
    suites = junitparser.JUnitXml.fromstring(renderer("junit")(card).encode())
    (suite,) = suites
    (result,) = card.exercises
    checks = [(c, check) for c in result.criteria for check in c.checks]
    assert suite.tests == len(checks) == len(list(suite))
    core_failed = [c for c, check in checks if c.kind == "core" and check.verdict.value == "failed"]
    assert suite.failures == len(core_failed)
    assert suite.errors + suite.failures == sum(
        1 for c, check in checks if c.kind == "core" and check.verdict is not Verdict.PASSED
    )
    passed = [case for case in suite if not case.result]
    assert len(passed) == sum(1 for _, check in checks if check.verdict is Verdict.PASSED)


# The fields and values of Gradescope's autograder specification ("results.json").
TOP = {
    "score": (int, float),
    "execution_time": (int, float),
    "output": str,
    "output_format": {"text", "html", "simple_format", "md", "ansi"},
    "test_output_format": {"text", "html", "simple_format", "md", "ansi"},
    "test_name_format": {"text", "html", "simple_format", "md", "ansi"},
    "visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "stdout_visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
TEST = {
    "score": (int, float),
    "max_score": (int, float),
    "status": {"passed", "failed"},
    "name": str,
    "name_format": {"text", "html", "simple_format", "md", "ansi"},
    "number": str,
    "output": str,
    "output_format": {"text", "html", "simple_format", "md", "ansi"},
    "tags": list,
    "visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "extra_data": dict,
}


def follows(document: Dict[str, Any], rules: Dict[str, Any]) -> List[str]:
    """The fields of a document that are not as the rules say."""
    wrong = []
    for name, value in document.items():
        rule = rules.get(name)
        fine = value in rule if isinstance(rule, set) else rule and isinstance(value, rule)
        wrong += [] if fine else [name]
    return wrong


def test_gradescope_follows_its_specification(card: Scorecard) -> None:
    document = json.loads(renderer("gradescope")(card))
    assert follows(document, TOP) == []
    assert all(follows(test, TEST) == [] for test in document["tests"])
    assert document["score"] == sum(test["score"] for test in document["tests"]) == card.score
    stretch = [test for test in document["tests"] if "stretch" in test["tags"]]
    assert stretch
    # Shown as what they are, and never of weight: neither earned nor missed points.
    assert all(test["score"] == test["max_score"] == 0 for test in stretch)


_COMMAND = re.compile(r"::(error|notice) file=([^,:]+)(?:,line=(\d+))?,title=([^,:]*)::(.*)")


def unescaped(text: str) -> str:
    """What GitHub's runner makes of a value (actions/toolkit, command.ts, read backwards)."""
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_annotations_are_read_back_as_they_were_meant(card: Scorecard) -> None:
    lines = renderer("github")(card).splitlines()
    parsed = [_COMMAND.fullmatch(line) for line in lines]
    assert all(parsed)
    (result,) = card.exercises
    if result.problem is None:
        failed = [c for c in result.criteria if c.verdict is not Verdict.PASSED]
        assert len(lines) == len(failed)
        for match, criterion in zip(parsed, failed):
            assert match is not None
            assert match[1] == ("error" if criterion.kind == "core" else "notice")
            assert criterion.id in unescaped(match[4])


def test_a_percent_sign_a_comma_and_a_line_end_survive_an_annotation() -> None:
    message = "100%0A sure, twice: yes\nno %25"
    line = renderer("github")(scorecard(message)).splitlines()[0]
    match = _COMMAND.fullmatch(line)
    assert match is not None
    assert unescaped(match[5]) == message
    assert len(renderer("github")(scorecard("x" * 99_999)).splitlines()[0]) < LONGEST + 300


def test_the_summary_stays_below_a_mebibyte() -> None:
    text = "\U0001f600`" * 5_000
    checks = tuple(Check(text, Verdict.FAILED, text) for _ in range(3))
    criteria = tuple(
        CriterionResult(f"AC{n}", "core", 10, text[:500], "S", checks) for n in range(1, 11)
    )
    result = ExerciseResult("ex-1", "PROJ-101", "T", criteria, 1.0, console=text, notes=(text,))
    for many in (1, 5):
        document = renderer("markdown")(Scorecard(1, {}, (result,) * many))
        assert len(document.encode()) < 1 << 20
        assert "0/100" in document
        fences = re.findall(r"^`{3,}", document, re.MULTILINE)
        assert len(fences) % 2 == 0


def test_markdown_shows_each_character_of_a_title_as_itself() -> None:
    for char in "\\`*_{}[]()#+-.!|<>~@&":
        assert markdown_report.escape(char) != char


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("problem", [False, True], ids=["started", "not started"])
def test_no_character_of_any_report_does_anything(name: str, problem: bool) -> None:
    document = renderer(name)(scorecard(ACTIVE, problem))
    active = {c for c in document if unicodedata.category(c) in ("Cc", "Cf", "Co", "Zl", "Zp")}
    assert active <= {"\n"}
