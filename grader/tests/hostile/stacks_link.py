"""Hangs at its start, with a link to a secret where the examiner looks for the stacks.

Holds: problem start_timeout
Limits: start 3
"""

import os
import time

os.remove("../stacks")
os.symlink("@CANARY@", "../stacks")
time.sleep(1000)
