"""Find and import the submission's application; say what is wrong when that cannot be done.

The places are those of the ``fastapi`` command line (https://fastapi.tiangolo.com/fastapi-cli/).
Runs in the service's process.
"""

import importlib
import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Dict, List, Optional, Tuple

from grader.installing import pip_install

FILES = ("main.py", "app.py", "api.py")
PLACES = FILES + tuple("app/" + name for name in FILES)
LONGEST_DETAIL = 6000

# Where the name to install differs from the name to import.
PIP_NAMES = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "multipart": "python-multipart",
    "PIL": "Pillow",
    "psycopg2": "psycopg2-binary",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


class StartProblem(Exception):
    """The submission cannot be started; the fields are those of ``scorecard.Problem``."""

    def __init__(
        self,
        kind: str,
        message: str,
        detail: str = "",
        file: Optional[str] = None,
        line: Optional[int] = None,
    ) -> None:
        super().__init__(message)
        self.fields: Dict[str, Any] = {
            "kind": kind,
            "message": message,
            "detail": detail[-LONGEST_DETAIL:],
            "file": file,
            "line": line,
        }


def find_module(folder: Path) -> Tuple[str, List[str]]:
    """The module that should hold the application, and the folders to import from.

    Raises:
        StartProblem: none of the usual files is there.
    """
    for place in PLACES:
        if (folder / place).is_file():
            name = place[: -len(".py")].replace("/", ".")
            paths = [str(folder)]
            if "/" in place:
                paths.append(str(folder / "app"))
            return name, paths
    others = sorted(path.name for path in folder.glob("*.py"))[:5]
    found = f" There is {', '.join(others)}; rename the one with the application." if others else ""
    raise StartProblem("no_file", f"There is no main.py in the submission.{found}")


def load_application(folder: Path) -> Any:
    """Import the submission that lies in ``folder`` and return its ASGI application.

    Raises:
        StartProblem: it cannot be imported, or has no application.
    """
    name, paths = find_module(folder)
    sys.path[:0] = paths
    importlib.invalidate_caches()
    file = name.replace(".", "/") + ".py"
    try:
        module = importlib.import_module(name)
    except StartProblem:
        raise
    except BaseException as error:
        raise _import_problem(error, folder, file) from None
    return find_application(module, file)


def rehearse() -> None:
    """Tell of an error once, while what that imports can be: a submission may open every file.

    Once in the process that runs it or in the one that this is forked from.
    """
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        describe(error, Path(__file__).parent)


def find_application(module: ModuleType, file: str) -> Any:
    """The ASGI application of an imported module: ``app``, ``api`` or its only FastAPI instance.

    Raises:
        StartProblem: there is none.
    """
    for name in ("app", "api"):
        if callable(getattr(module, name, None)):
            return getattr(module, name)
    fastapi = sys.modules.get("fastapi")
    instances = [
        value
        for value in vars(module).values()
        if fastapi is not None and isinstance(value, fastapi.FastAPI)
    ]
    if len({id(value) for value in instances}) == 1:
        return instances[0]
    if hasattr(module, "app"):
        what = f"`app` in {file} is of type {type(module.app).__name__}, not an application."
    else:
        what = f"{file} has no variable named `app`."
    raise StartProblem("no_app", f"{what} The ticket asks for `app = FastAPI()`.", file=file)


def describe(error: BaseException, folder: Path) -> Tuple[str, Optional[str], Optional[int]]:
    """A traceback of the submission's own frames as text, and the last such file and line."""
    lines: List[str] = []
    for part in _chain(error):
        frames = _own_frames(part, folder)
        lines += ["Traceback (most recent call last):\n"] if frames else []
        lines += [*traceback.format_list(frames), *exception_lines(part), "\n"]
    if isinstance(error, SyntaxError) and error.filename:
        return "".join(lines), _inside(error.filename, folder), error.lineno
    last = frames[-1] if frames else None
    if last is None:
        return "".join(lines), None, None
    return "".join(lines), _inside(last.filename, folder), last.lineno


def _own_frames(error: BaseException, folder: Path) -> List[traceback.FrameSummary]:
    return [
        frame
        for frame in traceback.extract_tb(_bounded(error.__traceback__))
        if str(frame.filename).startswith(str(folder))
    ]


def _chain(error: BaseException, most: int = 4) -> List[BaseException]:
    """An exception and what it came from, the first cause first, as Python itself would tell.

    Of a SystemExit Python tells no causes: who runs the service does not see them.
    """
    if isinstance(error, SystemExit):
        return [error]
    chain: List[BaseException] = []
    walk: Optional[BaseException] = error
    while walk is not None and len(chain) < most and not any(walk is one for one in chain):
        chain.insert(0, walk)
        walk = walk.__cause__ or (None if walk.__suppress_context__ else walk.__context__)
    return chain


def exception_lines(error: BaseException) -> List[str]:
    """What Python prints of an exception after its traceback."""
    try:
        return traceback.format_exception_only(type(error), error)
    except BaseException:  # its __str__ may do anything
        return [f"{type(error).__name__}: <its message cannot be shown>\n"]


def _bounded(tb: Optional[TracebackType], most: int = 500) -> Optional[TracebackType]:
    """The last ``most`` frames of a traceback: a recursion may have many thousands."""
    length, walk = 0, tb
    while walk is not None:
        length, walk = length + 1, walk.tb_next
    while tb is not None and length > most:
        tb, length = tb.tb_next, length - 1
    return tb


def _inside(filename: str, folder: Path) -> Optional[str]:
    try:
        return Path(filename).relative_to(folder).as_posix()
    except ValueError:
        return None


def _import_problem(error: BaseException, folder: Path, file: str) -> StartProblem:
    detail, where, line = describe(error, folder)
    place = f"{where or file}, line {line}" if line else file
    name = type(error).__name__
    if isinstance(error, SyntaxError) or _holds_nul(error):
        message = f"Python cannot read {place}: {getattr(error, 'msg', None) or _one_line(error)}."
        return StartProblem("syntax_error", message, detail, where, line)
    if isinstance(error, ModuleNotFoundError) and error.name and not _is_own(error.name, folder):
        return _missing_package(error.name, detail, where, line, place)
    if isinstance(error, ImportError):
        # Where the other module lies on this machine helps nobody.
        told = _one_line(error).replace(f" ({error.path})", "")
        message = f"An import fails in {place}: {told}"
        return StartProblem("import_error", message, detail, where, line)
    if isinstance(error, SystemExit):
        said = f": {_one_line(error)}" if isinstance(error.code, str) else "."
        message = (
            f"The program ends itself (sys.exit or exit) while it is imported, in {place}{said}"
        )
        return StartProblem("exited", message, detail, where, line)
    message = f"Importing {file} raises {name} in {place}: {_one_line(error)}"
    return StartProblem("import_error", message, detail, where, line)


def _holds_nul(error: BaseException) -> bool:
    """Whether a source holds NUL bytes, which is a ValueError before Python 3.11.4."""
    return type(error) is ValueError and "source code string" in _one_line(error)


def _missing_package(
    module: str, detail: str, where: Optional[str], line: Optional[int], place: str
) -> StartProblem:
    top = module.partition(".")[0]
    if top in sys.builtin_module_names or importlib.util.find_spec(top) is not None:
        message = f"There is no module {module!r} to import in {place}."
        return StartProblem("import_error", message, detail, where, line)
    pip = PIP_NAMES.get(top, top)
    message = (
        f"{place} imports {top!r}, which is neither installed nor a file beside it. "
        f"If it is a package, install it: {pip_install(pip)}"
    )
    return StartProblem("missing_package", message, detail, where, line)


def _is_own(module: str, folder: Path) -> bool:
    top = module.partition(".")[0]
    return (folder / top).is_dir() or (folder / (top + ".py")).is_file()


def _one_line(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except BaseException:  # its __str__ may do anything
        return "(its message cannot be shown)"
    return text[:300] or "(no message)"
