"""The scorecard as one JSON document."""

import json

from grader.scorecard import Scorecard, scorecard_as_dict


def render(scorecard: Scorecard) -> str:
    """The document, with a newline at its end."""
    return json.dumps(scorecard_as_dict(scorecard), indent=2, ensure_ascii=True) + "\n"
