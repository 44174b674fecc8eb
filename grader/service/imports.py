"""What a submission imports, read from its source before it runs."""

import ast
from pathlib import Path
from typing import Dict, List

# What the warm parent may import ahead: the libraries that the workbook itself brings.
KNOWN = {"fastapi", "starlette", "pydantic", "sqlalchemy", "psycopg2", "email_validator"}
MOST_FILES = 50
LONGEST_SOURCE = 1024 * 1024


def preloads(submission: Path) -> List[str]:
    """The installed packages that a submission's modules import, read from their source.

    The warm parent imports them before it forks. A name that the submission has a module of its
    own for is left out.
    """
    names: Dict[str, None] = {}
    folder = submission.parent if submission.is_file() else submission
    files = [submission] if submission.is_file() else sorted(submission.rglob("*.py"))[:MOST_FILES]
    for path in files:
        for name in _imported(path):
            top = name.partition(".")[0]
            if not (folder / top).exists() and not (folder / (top + ".py")).exists():
                names[name] = None
    return [name for name in names if name.partition(".")[0] in KNOWN]


def _imported(path: Path) -> List[str]:
    try:
        if not path.is_file() or path.stat().st_size > LONGEST_SOURCE:
            return []
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        return []
    names: List[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return names
