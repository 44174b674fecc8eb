"""The scorecard as JUnit XML, as CI systems read it.

The elements and attributes are those of the schema that Jenkins publishes for its xUnit plugin
(junit-10.xsd): one test case a check. A stretch criterion that does not hold is skipped, since it
fails nobody.
"""

import re
import xml.etree.ElementTree as ET
from typing import Dict

from grader.reports.harmless import harmless
from grader.reports.words import details, heading, name_of
from grader.scorecard import Check, CriterionResult, ExerciseResult, Scorecard, Verdict

# Characters that XML 1.0 (section 2.2) does not have at all.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(scorecard: Scorecard) -> str:
    """The document, with its XML declaration."""
    root = ET.Element("testsuites", {"name": "grader"})
    for result in harmless(scorecard).exercises:
        root.append(_suite(result))
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _suite(result: ExerciseResult) -> ET.Element:
    cases = [
        _case(result, criterion, check)
        for criterion in result.criteria
        for check in criterion.checks
    ]
    count = {tag: sum(1 for case in cases if case.find(tag) is not None) for tag in _TAGS.values()}
    attributes: Dict[str, str] = {
        "name": _clean(heading(result)),
        "tests": str(len(cases)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
        "time": f"{result.duration:.3f}",
    }
    suite = ET.Element("testsuite", attributes)
    properties = ET.SubElement(suite, "properties")
    for name, value in (("score", result.score), ("max_score", result.max_score)):
        ET.SubElement(properties, "property", {"name": name, "value": str(value)})
    suite.extend(cases)
    ET.SubElement(suite, "system-out").text = _clean(result.console)
    return suite


_TAGS = {"failed": "failure", "blocked": "error", "error": "error", "stretch": "skipped"}


def _case(result: ExerciseResult, criterion: CriterionResult, check: Check) -> ET.Element:
    attributes = {
        "classname": _clean(f"{result.exercise}.{name_of(criterion)}"),
        "name": _clean(check.name),
        "time": f"{check.duration:.3f}",
    }
    case = ET.Element("testcase", attributes)
    if check.verdict is not Verdict.PASSED:
        tag = _TAGS["stretch" if criterion.kind == "stretch" else check.verdict.value]
        outcome = ET.SubElement(case, tag, {"message": _clean(check.message)})
        outcome.text = _clean(details(check))
    return case
