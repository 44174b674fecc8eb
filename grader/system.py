"""Which help of the system the grader takes."""

import os
import sys

# Set to 1, it switches every feature of Linux off: so that the way without them is tested there.
SWITCH = "GRADER_PORTABLE"


def linux_helps() -> bool:
    """Whether what Linux alone has is used: fork, the kernel's walls, /proc, UNIX sockets."""
    return sys.platform.startswith("linux") and os.environ.get(SWITCH) != "1"
