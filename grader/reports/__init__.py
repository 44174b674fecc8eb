"""A scorecard as text for people or for programs: pure functions, results in, string out."""

import importlib
from typing import Callable, Dict, cast

from grader.scorecard import Scorecard

Render = Callable[[Scorecard], str]

# By the name that --format knows. Loaded when asked for: most runs need one of them.
FORMATS: Dict[str, str] = {
    "text": "grader.reports.text",
    "json": "grader.reports.json",
    "junit": "grader.reports.junit",
    "markdown": "grader.reports.markdown",
    "html": "grader.reports.html",
    "gradescope": "grader.reports.gradescope",
    "github": "grader.reports.github",
}


def renderer(name: str) -> Render:
    """The function that renders a format."""
    return cast(Render, importlib.import_module(FORMATS[name]).render)
