"""A submission's source as the examiner reads it: never imported, only parsed."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, FrozenSet, Iterable, List, Mapping, Sequence, Tuple

from grader.service.console import neutralise
from grader.service.watched_source import NOTEBOOK

# What is longer was not written by hand. (Python 3.8 crashes over a very long expression.)
MOST_FILES = 50
LONGEST_SOURCE = 96 * 1024
MOST_SOURCE = 512 * 1024


@dataclass(frozen=True)
class Source:
    """What the submission's own text says."""

    lines: Mapping[str, Sequence[str]]
    imports: FrozenSet[str]
    names: FrozenSet[str]
    has_xor: bool
    names_the_notebook: bool
    spans: FrozenSet[Tuple[str, int]]
    complete: bool  # whether every module could be read

    def calls_or_compares(self, where: str) -> bool:
        """Whether a call or a comparison stands at "file:line"."""
        file, _, line = where.rpartition(":")
        return line.isdigit() and (file.replace("\\", "/"), int(line)) in self.spans

    def quote(self, where: str) -> str:
        """A place with the line that stands there: "main.py, line 12: `if a == b:`"."""
        file, _, line = where.rpartition(":")
        lines = self.lines.get(file.replace("\\", "/"), ())
        if not line.isdigit() or not 0 < int(line) <= len(lines):
            return "a place that the grader cannot name"
        return (
            f"{neutralise(file)}, line {line}: `{neutralise(lines[int(line) - 1].strip()[:200])}`"
        )


def read_source(folder: Path) -> Source:
    """Read the modules of a submission, the outer ones first; what cannot be read is left out."""
    paths = sorted(folder.rglob("*.py"), key=lambda path: (len(path.parts), path))
    lines: Dict[str, Sequence[str]] = {}
    nodes: List[Tuple[str, ast.AST]] = []
    left = MOST_SOURCE
    for path in paths[:MOST_FILES]:
        name = path.relative_to(folder).as_posix()
        try:
            size = path.stat().st_size
            if size > min(LONGEST_SOURCE, left):
                continue
            left -= size
            data = path.read_bytes()
            nodes += [(name, node) for node in ast.walk(ast.parse(data))]
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        lines[name] = data.decode("utf-8", "replace").splitlines()
    return Source(
        lines=lines,
        imports=frozenset(_imported(node for _, node in nodes)),
        names=frozenset(name for _, node in nodes for name in _names(node)),
        has_xor=any(_is_xor(node) for _, node in nodes),
        names_the_notebook=any(NOTEBOOK in line for text in lines.values() for line in text),
        spans=frozenset(span for name, node in nodes for span in _spans(name, node)),
        complete=len(lines) == len(paths),
    )


def _imported(nodes: Iterable[ast.AST]) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def _names(node: ast.AST) -> Iterable[str]:
    """The names that a node uses: of variables, attributes and imported things."""
    if isinstance(node, ast.alias):
        yield from node.name.split(".")
    yield from _used(node)


def _used(node: ast.AST) -> Iterable[str]:
    """The name of a variable or an attribute."""
    yield from (getattr(node, kind) for kind in ("id", "attr") if hasattr(node, kind))


def _is_xor(node: ast.AST) -> bool:
    return isinstance(node, ast.BitXor) or not {"xor", "__xor__"}.isdisjoint(_used(node))


def _spans(name: str, node: ast.AST) -> Iterable[Tuple[str, int]]:
    if isinstance(node, (ast.Call, ast.Compare)):
        last = node.end_lineno or node.lineno
        yield from ((name, line) for line in range(node.lineno, last + 1))
