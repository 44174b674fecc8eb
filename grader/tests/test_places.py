"""The line that a failed check points to: in a message, in a traceback, or the handler's."""

from pathlib import Path
from typing import Optional

import pytest

from grader.places import LONGEST_SOURCE, Place, finder
from grader.scorecard import Check, Exchange, Verdict

SOURCE = """\
from fastapi import APIRouter, FastAPI
app = FastAPI()
router = APIRouter(prefix="/api")

@app.get("/jobs/all")
def jobs(): ...

@app.get("/jobs/{job_id}")
async def job(job_id): ...

@router.post(path="/leads")
def lead(): ...

@app.api_route("/any", methods=["PUT"])
def put_any(): ...
"""


def check(method: str, path: str, message: str = "", status: int = 404, console: str = "") -> Check:
    url = f"http://127.0.0.1:8000{path}"
    exchange = Exchange(method, url, "", status, "", "")
    return Check("c", Verdict.FAILED, message, (exchange,), console=console)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text(SOURCE)
    return tmp_path


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/jobs/all", 5),
        ("GET", "/jobs/17?x=1", 8),
        ("GET", "/jobs/17/", 8),
        ("POST", "/api/leads", 11),
        ("PUT", "/any", 14),
        ("POST", "/jobs/17", None),
        ("GET", "/other", None),
    ],
)
def test_a_request_points_to_the_function_that_answers_it(
    folder: Path, method: str, path: str, line: Optional[int]
) -> None:
    expected = ("main.py", line) if line else None
    assert finder(folder)(check(method, path)) == expected


def test_a_line_that_the_message_names_comes_first(folder: Path) -> None:
    found = finder(folder)(check("GET", "/jobs/all", "compared in main.py, line 2: `x`"))
    assert found == ("main.py", 2)


def test_an_error_points_to_where_it_was_raised(folder: Path) -> None:
    trace = 'File "main.py", line 8, in job\n    raise\n  File "main.py", line 9, in inner\n'
    assert finder(folder)(check("GET", "/jobs/1", status=500, console=trace)) == ("main.py", 9)
    assert finder(folder)(check("GET", "/jobs/1", status=404, console=trace)) == ("main.py", 8)


@pytest.mark.parametrize(
    "said",
    ["in ../main.py, line 2", "in main.py, line 99", "in other.py, line 1", "in main.py, line 0"],
)
def test_a_place_that_is_not_in_the_submission_is_none(folder: Path, said: str) -> None:
    assert finder(folder)(Check("c", Verdict.FAILED, said)) is None


def found_in(folder: Path, source: bytes) -> Optional[Place]:
    (folder / "main.py").write_bytes(source)
    return finder(folder)(check("GET", "/jobs/all"))


def test_sources_that_no_person_wrote_occupy_nobody(folder: Path) -> None:
    assert found_in(folder, b"x = " + b"(" * 5000) is None
    assert found_in(folder, b"\0\xff") is None
    assert found_in(folder, SOURCE.encode() + b"#" * LONGEST_SOURCE) is None
