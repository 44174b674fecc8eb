"""Raises an exception whose __str__ and __repr__ raise, too.

Holds: problem import_error
"""

class Shy(Exception):
    def __str__(self):
        raise Shy()

    __repr__ = __str__


raise Shy()
