"""Raises a ModuleNotFoundError whose name is no text.

Holds: score 0
"""

raise ModuleNotFoundError("x", name=7)
