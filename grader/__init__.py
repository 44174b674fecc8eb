"""The workbook's autograder: ``python -m grader ex-1``, ``grader.grade("ex-1")`` in a notebook."""

import sys

# Not in an old Python, which could not read it: `__main__` tells that it is too old.
if sys.version_info >= (3, 8):  # noqa: UP036
    from grader.interactive import grade as grade
