"""Raises a SyntaxError whose fields are none.

Holds: score 0
"""

raise SyntaxError("x" * 10**6, (object(), "many", [], 5))
