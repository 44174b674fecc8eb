"""A submission's source, rewritten so that its comparisons, searches and loops are noted.

Every rewritten expression has the value, the exceptions and the order of evaluation that it had
before. ``a == b`` becomes ``__watch__.eq(7, a, b)``, where 7 is the number of the place and
``__watch__`` the notebook of ``observation``; loops and functions note each turn.
"""

import ast
from typing import Any, List, Union

NOTEBOOK = "__watch__"

COMPARISONS = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.In: "within",
    ast.NotIn: "not_within",
}

# What compares or searches without an operator.
SEARCHES = frozenset(
    "startswith endswith find rfind index rindex count removeprefix removesuffix get pop "
    "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __contains__ eq ne lt le gt ge contains countOf "
    "indexOf match fullmatch search commonprefix SequenceMatcher get_close_matches".split()
)

# What turns like a loop, over a function that need not be the submission's own.
MAPPERS = frozenset(("map", "starmap"))

Loop = Union[ast.For, ast.AsyncFor, ast.While]


def rewrite(source: Union[str, bytes], file: str, places: List[str]) -> ast.Module:
    """Parse ``source`` and rewrite it.

    Args:
        source: of one module.
        file: its name as it is told to people.
        places: gets a "file:line" for each place; its index is the place's number.
    """
    tree = _Rewriter(file, places).visit(ast.parse(source))
    rewritten: ast.Module = ast.fix_missing_locations(tree)
    return rewritten


class _Rewriter(ast.NodeTransformer):
    def __init__(self, file: str, places: List[str]) -> None:
        self._file = file
        self._places = places

    def _note(self, method: str, node: ast.AST, *arguments: ast.expr) -> ast.Call:
        """A call of the notebook, at the place of ``node``."""
        self._places.append(f"{self._file}:{getattr(node, 'lineno', 0)}")
        notebook = ast.Name(id=NOTEBOOK, ctx=ast.Load())
        call = ast.Call(
            func=ast.Attribute(value=notebook, attr=method, ctx=ast.Load()),
            args=[ast.Constant(value=len(self._places) - 1), *arguments],
            keywords=[],
        )
        return ast.copy_location(call, node)

    # -- comparisons ------------------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if not any(type(op) in COMPARISONS for op in node.ops):
            return node
        if len(node.ops) == 1:
            method = COMPARISONS[type(node.ops[0])]
            return self._note(method, node, node.left, node.comparators[0])
        # a == b == c compares while it evaluates: each operand is noted as it comes.
        node.left = self._note("link", node, ast.Constant(value=True), node.left)
        node.comparators = [
            self._note("link", node, ast.Constant(value=False), operand)
            for operand in node.comparators
        ]
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else None
        if isinstance(function, ast.Name):
            name = function.id
        if name not in SEARCHES and name not in MAPPERS:
            return node
        method = "call" if name in SEARCHES else "mapped"
        noted = self._note(method, node, function, *node.args)
        noted.keywords = node.keywords
        return noted

    # -- turns ------------------------------------------------------------------------------

    def _tick(self, node: ast.AST) -> ast.expr:
        return self._note("tick", node)

    def _loop(self, node: Loop) -> Loop:
        self.generic_visit(node)
        first = ast.copy_location(ast.Expr(value=self._tick(node)), node)
        node.body.insert(0, first)
        return node

    visit_For = visit_AsyncFor = visit_While = _loop  # noqa: N815  # named by ast

    def _comprehension(self, node: Any) -> Any:
        self.generic_visit(node)
        for generator in node.generators:
            generator.ifs.insert(0, self._tick(node))
        return node

    visit_ListComp = visit_SetComp = _comprehension  # noqa: N815  # named by ast
    visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815  # named by ast

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        first = ast.copy_location(ast.Expr(value=self._tick(node)), node)
        node.body.insert(1 if ast.get_docstring(node) is not None else 0, first)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self.generic_visit(node)
        # The note of a turn is true.
        nothing = ast.Constant(value=None)
        node.body = ast.IfExp(test=self._tick(node), body=node.body, orelse=nothing)
        return node

    # -- annotations: left as they are, since libraries read them ---------------------------

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node
