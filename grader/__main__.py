"""``python -m grader``: see that the packages are there, then hand over to the command line.

This file and the package's ``__init__`` can be read by every Python, so that an old one is told
that it is too old. ASCII only, therefore.
"""

import sys


def main():  # type: ignore[no-untyped-def]  # Python 2 reads no types
    """Run the command line; the exit code."""
    if sys.version_info < (3, 8):  # noqa: UP036  # it is for those
        version = sys.version.split()[0]
        sys.stderr.write("The grader needs Python 3.8 or newer; this is " + version + ".\n")
        return 3
    from grader.bootstrap import hand_over

    return hand_over(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[no-untyped-call]
