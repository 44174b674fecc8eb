"""What a submission imports, read from its source before it runs."""

import ast
from pathlib import Path
from typing import Dict, Iterable, Iterator, List

# What the warm parent may import ahead: the libraries that the workbook itself brings.
KNOWN = {"fastapi", "starlette", "pydantic", "sqlalchemy", "psycopg2", "email_validator"}
# What they import themselves as late as they can: with an engine, that is at every start.
LATE = {"sqlalchemy": ("sqlalchemy.dialects.postgresql", "psycopg2", "psycopg2.extras")}
# What is longer was not written by hand. (Python 3.8 crashes over a very long expression.)
MOST_FILES = 50
LONGEST_SOURCE = 64 * 1024
MOST_SOURCE = 512 * 1024


def preloads(submission: Path) -> List[str]:
    """The installed packages that a submission's modules import, read from their source.

    The warm parent imports them before it forks. A name that the submission has a module of its
    own for is left out.
    """
    names: Dict[str, None] = {}
    folder = submission.parent if submission.is_file() else submission
    files = [submission] if submission.is_file() else sorted(submission.rglob("*.py"))[:MOST_FILES]
    left = MOST_SOURCE
    for path in files:
        source = _source(path)
        left -= len(source)
        for name in _with_late_ones(_imported(source) if left > 0 else ()):
            top = name.partition(".")[0]
            if not (folder / top).exists() and not (folder / (top + ".py")).exists():
                names[name] = None
    return [name for name in names if name.partition(".")[0] in KNOWN]


def _with_late_ones(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name
        yield from LATE.get(name.partition(".")[0], ())


def _source(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size <= LONGEST_SOURCE:
            return path.read_bytes()
    except OSError:
        pass
    return b""


def _imported(source: bytes) -> List[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names: List[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return names
