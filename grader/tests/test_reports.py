"""The reports for programs: each can be read by its reader, and nothing hostile gets through."""

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any, Dict, List, Tuple

import pytest

from grader.reports import FORMATS, renderer
from grader.scorecard import (
    Check,
    CriterionResult,
    Exchange,
    ExerciseResult,
    KnownMistake,
    Problem,
    Scorecard,
    Verdict,
)

HOSTILE = (
    "<script>alert(1)</script> ]]> & \x00\x1b[31m ````` `x` ```\n::error::pwned\n"
    "@everyone https://evil.example [a](javascript:b) | **bold** %0A::add-mask::x [bold]rich[/]"
)


def scorecard(text: str = "plain", problem: bool = False) -> Scorecard:
    """A scorecard with ``text`` in every field that a submission can reach."""
    exchange = Exchange("POST", text, text, None, text, text)
    checks = (
        Check(text, Verdict.FAILED, text, (exchange,), 0.5),
        Check("fine", Verdict.PASSED),
    )
    blocked = (Check(text, Verdict.BLOCKED, text),)
    criteria = (
        CriterionResult("AC1", "core", 60, "First", "It holds.", checks),
        CriterionResult("AC2", "core", 40, "Second", "It holds.", (Check("c", Verdict.PASSED),)),
        CriterionResult("MORE", "stretch", 0, "Badge", "It holds.", blocked),
    )
    result = ExerciseResult(
        "ex-1",
        "PROJ-101",
        "Title",
        criteria,
        1.5,
        problem=Problem("import_error", text, text, "main.py", 3) if problem else None,
        looks_like=KnownMistake("name", "Title", "Why."),
        console=text,
        notes=(text,),
    )
    return Scorecard(7, {"python": "3.11", "sandbox": []}, (result,))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("problem", [False, True], ids=["started", "not started"])
def test_every_format_takes_every_text(name: str, problem: bool) -> None:
    document = renderer(name)(scorecard(HOSTILE, problem))
    assert document.endswith("\n")
    assert "40" in document or name == "github"


def test_junit_counts_what_failed_and_skips_stretch() -> None:
    suite = ET.fromstring(renderer("junit")(scorecard(HOSTILE)).split("\n", 1)[1])[0]
    assert {k: suite.attrib[k] for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert [child.tag for child in suite] == ["properties", *["testcase"] * 4, "system-out"]
    assert len(suite.findall("testcase/failure")) == 1


def test_junit_of_a_submission_that_does_not_start_has_errors() -> None:
    blocked = CriterionResult(
        "AC1", "core", 100, "T", "S", (Check("c", Verdict.BLOCKED, "It did not start."),)
    )
    result = ExerciseResult("ex-1", "PROJ-101", "T", (blocked,), 0.1)
    document = renderer("junit")(Scorecard(1, {}, (result,)))
    assert '<error message="It did not start.">' in document


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: List[Tuple[str, Dict[str, Any]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Any]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_html_shows_hostile_text_as_text_and_needs_nothing_else() -> None:
    page = Page()
    page.feed(renderer("html")(scorecard(HOSTILE)))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "link", "iframe", "a", "object"}
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert "<script>alert(1)</script>" in page.words


def test_markdown_keeps_hostile_text_in_blocks_that_it_cannot_leave() -> None:
    fence = ""
    for line in renderer("markdown")(scorecard(HOSTILE)).splitlines():
        if not fence and line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        elif fence and line == fence:
            fence = ""
        elif not fence:
            for harm in ("<script", "@everyone", "https://evil", "**bold**"):
                assert harm not in line
    assert fence == ""


@pytest.mark.parametrize("problem", [False, True], ids=["started", "not started"])
def test_github_commands_cannot_be_ended_or_begun_by_a_message(problem: bool) -> None:
    lines = renderer("github")(scorecard(HOSTILE, problem)).splitlines()
    assert all(line.startswith(("::error file=ex-1/", "::notice file=ex-1/")) for line in lines)
    assert ("line=3" in lines[0]) == problem


def test_gradescope_has_the_fields_of_its_specification() -> None:
    document = json.loads(renderer("gradescope")(scorecard(HOSTILE)))
    assert (document["score"], document["extra_data"]["max_score"]) == (40, 100)
    assert sum(test["max_score"] for test in document["tests"]) == 100
    assert {test["status"] for test in document["tests"]} == {"passed", "failed"}


def test_json_is_what_others_rely_on() -> None:
    document = json.loads(renderer("json")(scorecard(HOSTILE, problem=True)))
    assert set(document) == {
        "schema",
        "seed",
        "score",
        "max_score",
        "passed",
        "environment",
        "exercises",
    }
    (exercise,) = document["exercises"]
    assert exercise["problem"]["kind"] == "import_error"
    assert exercise["criteria"][0]["checks"][0]["exchanges"][0]["method"] == "POST"


def test_a_notebook_gets_the_scorecard_as_html() -> None:
    import grader
    from grader.workbook import ROOT

    shown = grader.grade("ex-1", str(ROOT / "solutions" / "ex-1" / "main.py"), ["AC2"], seed=7)
    assert shown.scorecard.passed
    assert "25 of 25 points" in shown._repr_html_()
    assert "25/25" in repr(shown)
