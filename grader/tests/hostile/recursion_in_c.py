"""Overflows the stack of the interpreter while it is imported.

Holds: score 0
"""

import sys

sys.setrecursionlimit(10**8)


class Deep:
    def __repr__(self):
        return repr(self)


repr(Deep())
