"""A class graded: who hands in what, what comes out, and that nobody stops it."""

import contextlib
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

import pytest

from grader.cohort import page, tables
from grader.cohort.archives import unpack
from grader.cohort.grading import Graded, Task, Worker
from grader.cohort.overview import Overview, Student, shown_name
from grader.cohort.submissions import Submission, digest, find_submissions, locate
from grader.errors import UsageError
from grader.pool import Pool, Process
from grader.scorecard import Scorecard
from grader.workbook import ROOT

REFERENCE = ROOT / "solutions" / "ex-1" / "main.py"
MISTAKE = ROOT / "solutions" / "ex-1" / "rejected" / "role_case.py"


def hand_in(folder: Path, *programs: Tuple[str, Path]) -> None:
    for name, source in programs:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(str(source), str(folder / name))


def command(folder: Path, *more: str) -> List[str]:
    return [sys.executable, "-m", "grader", "cohort", str(folder), "--seed", "7", *more]


def students(folder: Path) -> Dict[str, Dict[str, object]]:
    document = json.loads((folder / "class.json").read_text(encoding="utf-8"))
    return {student["name"]: student for student in document["students"]}


@pytest.fixture(scope="module")
def graded(
    tmp_path_factory: pytest.TempPathFactory,
) -> "Tuple[Path, subprocess.CompletedProcess[str]]":
    """A class of four, and what grading it said."""
    folder = tmp_path_factory.mktemp("cohort") / "class"
    hand_in(folder, ("@anna/ex-1/main.py", REFERENCE), ("ben/workbook-main/ex1/main.py", MISTAKE))
    with zipfile.ZipFile(str(folder / "cleo.zip"), "w") as archive:
        archive.write(str(MISTAKE), "ex-1/main.py")
    (folder / "dan.zip").write_bytes(b"no zip at all")
    done = subprocess.run(
        command(folder), cwd=str(ROOT), capture_output=True, encoding="utf-8", check=False
    )
    return folder, done


Done = Tuple[Path, "subprocess.CompletedProcess[str]"]


def test_a_class_is_graded_and_told_one_line_a_student(graded: Done) -> None:
    folder, done = graded
    assert done.returncode == 1, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 4
    assert [line.split("]")[0] for line in lines] == ["[1/4", "[2/4", "[3/4", "[4/4"]
    assert "1 of 4 pass everything" in done.stdout
    assert "2 of 3 fail ex-1 AC1 (A qualified lead is accepted): role_case (2)" in done.stdout
    known = students(folder.with_name("class-results"))
    assert {name: row["score"] for name, row in known.items()} == {
        "@anna": 100,
        "ben": 75,
        "cleo": 75,
        "dan": 0,
    }
    assert known["dan"]["problem"] == "The zip file cannot be read: File is not a zip file."


def test_the_table_for_spreadsheets_has_a_column_a_criterion_and_no_formula(graded: Done) -> None:
    text = (graded[0].with_name("class-results") / "class.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["student"] for row in rows] == ["'@anna", "ben", "cleo", "dan"]
    assert rows[1]["ex-1 AC1"] == "failed"
    assert rows[1]["ex-1 looks like"] == "role_case"
    assert rows[3]["ex-1 AC1"] == "not handed in"


def test_a_second_run_grades_only_what_has_changed(graded: Done, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    for ending in ("class", "class-results"):
        shutil.copytree(str(graded[0].with_name(ending)), str(tmp_path / ending))
    hand_in(folder, ("ben/workbook-main/ex1/main.py", REFERENCE))
    done = subprocess.run(
        command(folder), cwd=str(ROOT), capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr.splitlines()[0] == "3 of 4 are graded already, and have not changed."
    assert len(done.stderr.splitlines()) == 2
    assert students(folder.with_name("class-results"))["ben"]["score"] == 100


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_an_interrupted_class_ends_at_once_and_goes_on_later(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    (folder / "a").mkdir(parents=True)
    hand_in(folder, ("b/ex-1/main.py", REFERENCE))
    arguments = command(folder, "--jobs", "1")
    with subprocess.Popen(
        arguments, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr is not None  # it was asked for as a pipe
        assert process.stderr.readline().startswith("[1/2] a")
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == "Interrupted.\n"
    assert process.returncode == 130
    kept = tmp_path / "class-results" / "students"
    assert len(list(kept.glob("a-*.json"))) == 1
    assert list(kept.glob("b-*")) == []


@pytest.mark.parametrize(
    ("files", "only", "expected"),
    [
        (["ex-1/main.py", "ex-3/main.py"], [], {"ex-1": "ex-1", "ex-3": "ex-3"}),
        (["ex-1/main.py", "ex-3/main.py"], ["ex-3"], {"ex-3": "ex-3"}),
        (["a/b/ex-2/main.py", "a/b/README.md", "__MACOSX/x"], [], {"ex-2": "a/b/ex-2"}),
        (["main.py", "helper.py"], ["ex-1"], {"ex-1": "."}),
        (["smith_1234_main.py"], ["ex-1"], {"ex-1": "smith_1234_main.py"}),
        (["app/main.py"], ["ex-4"], {"ex-4": "."}),
        (["main.py"], [], {}),
        (["one.py", "two.py"], ["ex-1"], {}),
        (["2/main.py"], [], {}),
    ],
)
def test_exercises_are_found_where_platforms_and_people_put_them(
    tmp_path: Path, files: List[str], only: List[str], expected: Dict[str, str]
) -> None:
    folder, scratch = tmp_path / "student", tmp_path / "scratch"
    scratch.mkdir()
    hand_in(folder, *((name, REFERENCE) for name in files))
    found = locate(Submission("student", folder), only, scratch)
    assert found == {name: folder / path for name, path in expected.items()}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no FIFOs in folders")
def test_a_fifo_is_told_what_it_is(tmp_path: Path) -> None:
    os.mkfifo(str(tmp_path / "student.py"))
    (student,) = find_submissions(tmp_path)
    with pytest.raises(UsageError, match="neither a regular file nor a folder"):
        locate(student, ("ex-1",), tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="Windows lets few people make links")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "student").symlink_to(ROOT / "solutions")
    (student,) = find_submissions(tmp_path / "class")
    with pytest.raises(UsageError, match="is a link"):
        locate(student, [], tmp_path)
    hand_in(tmp_path, ("other/README.md", REFERENCE))
    (tmp_path / "other" / "ex-1").symlink_to(ROOT / "solutions" / "ex-1")
    assert locate(Submission("other", tmp_path / "other"), [], tmp_path) == {}


def test_no_two_students_share_a_file_name(tmp_path: Path) -> None:
    names = ["a b", "a_b", "a/b", "..", ".", "", "A_B", "x" * 300, "con", "é", "ê", "a.b"]
    keys = {Submission(name, tmp_path).key.lower() for name in names}
    assert len(keys) == len(names)
    assert all(key.replace("-", "").replace("_", "").isalnum() and len(key) < 60 for key in keys)


def test_a_changed_submission_has_another_digest(tmp_path: Path) -> None:
    hand_in(tmp_path, ("a/main.py", REFERENCE))
    student = Submission("a", tmp_path / "a")
    first = digest(student)
    assert digest(student) == first
    (tmp_path / "a" / "more.json").touch()
    assert digest(student) != first


@pytest.mark.parametrize(
    ("folder", "told"),
    [(".", "no submission"), ("nothing", "cannot be read"), ("one", "not a class")],
)
def test_a_folder_that_is_no_class_is_told(tmp_path: Path, folder: str, told: str) -> None:
    (tmp_path / ".hidden").mkdir()
    if folder == "one":
        hand_in(tmp_path, ("one/ex-1/main.py", REFERENCE))
    with pytest.raises(UsageError, match=told):
        find_submissions(tmp_path / folder)


def archive(path: Path, *members: Tuple[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(str(path), "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, data)
    return path


def test_an_archive_stays_in_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    names = ["../out.py", "/abs.py", "a/../../out.py", "C:\\x.py", "ex-1\\main.py", "fine.py"]
    unpack(archive(tmp_path / "a.zip", *((name, b"x") for name in names)), target)
    found = sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file())
    assert found == ["ex-1/main.py", "fine.py"]
    assert not (tmp_path / "out.py").exists()


def test_links_in_an_archive_are_left_out(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    unpack(archive(tmp_path / "a.zip", ("main.py", b"/etc/passwd"), mode=0o120777), target)
    assert list(target.iterdir()) == []


def test_a_bomb_is_refused_by_what_comes_out(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(UsageError, match="more than 50 MB"):
        unpack(archive(tmp_path / "a.zip", ("main.py", bytes(60 << 20))), target)
    many = archive(tmp_path / "b.zip", *((f"{n}.py", b"") for n in range(2100)))
    with pytest.raises(UsageError, match="more than 2000 files"):
        unpack(many, target)


class FakeProcess:
    """Ends over one student's submission, every time."""

    def __init__(self, make_worker: object) -> None:
        """Nothing is made."""

    def ask(self, task: Task) -> Optional[Graded]:
        name = task.submission.name
        return None if name == "deadly" else Graded(Scorecard(1, {}, ()), name)

    def end(self) -> None:
        """Nothing runs."""


def test_a_submission_that_ends_the_process_takes_nobody_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("grader.pool.Process", FakeProcess)
    names = ["a", "deadly", "b", "c"]
    tasks = [Task(Submission(name, tmp_path), (), 1) for name in names]
    told = {t.submission.name: answer for t, answer in Pool(2, Worker).run(tasks)}
    assert set(told) == set(names)
    assert [name for name, answer in told.items() if answer is None] == ["deadly"]


@pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL")
def test_the_end_of_a_workers_process_is_noticed(tmp_path: Path) -> None:
    process = Process(Worker)
    with ended(process):
        task = Task(Submission("a", tmp_path / "nothing"), (), 1)
        answer = process.ask(task)
        assert answer is not None
        assert answer.problem is not None
        os.kill(process.pid, signal.SIGKILL)
        assert process.ask(task) is None


@contextlib.contextmanager
def ended(process: "Process[Task, Graded]") -> Iterator[None]:
    try:
        yield
    finally:
        process.end()


HOSTILE = "<script>alert(1)</script>\x1b[31m\n::error::x\u202e,\"'=1+1"


def view(names: Sequence[str]) -> Overview:
    criteria = [{"id": "AC1", "kind": "core", "points": 100, "verdict": "failed", "earned": 0}]
    result = {
        "exercise": "ex-1",
        "score": 0,
        "max_score": 100,
        "passed": False,
        "problem": None,
        "looks_like": None,
        "criteria": [{**criteria[0], "title": "First"}],
    }
    path = Path("x")
    submissions = [Submission(name, path) for name in names]
    made = [Student(shown_name(s), s.key, {"ex-1": result}, shown_name(s)) for s in submissions]
    return Overview(7, ("ex-1",), tuple(made))


def test_hostile_names_do_nothing_in_any_form() -> None:
    shown = view([HOSTILE])
    for text in (
        tables.text(shown),
        tables.table(shown),
        tables.line(1, 1, shown.students[0]),
    ):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert not any(line.startswith("::") for line in text.splitlines())
    assert "<script" not in page.render(shown)
    assert json.loads(tables.document(shown))["students"][0]["key"].isascii()


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", " =1", "'=1", '"=1'])
def test_no_cell_begins_as_a_formula(name: str) -> None:
    rows = list(csv.reader(io.StringIO(tables.table(view([name])))))
    assert rows[1][0].startswith("'")
    assert rows[1][-1].startswith("'")
