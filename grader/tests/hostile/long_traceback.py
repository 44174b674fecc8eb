"""Raises from a recursion, with a cause for each cause.

Holds: problem import_error
"""

import sys

sys.setrecursionlimit(5000)


def deeper(level):
    if level:
        try:
            deeper(level - 1)
        except Exception as error:
            raise ValueError("line\n" * 1000) from error
    raise ValueError


deeper(900)
