"""``python -m grader``: see that the packages are there, then hand over to the command line."""

import sys

from grader.bootstrap import hand_over

if __name__ == "__main__":
    sys.exit(hand_over(sys.argv[1:]))
