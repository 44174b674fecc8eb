"""Hangs at its start, with a FIFO where the examiner looks for the stacks.

Holds: problem start_timeout
Limits: start 3
"""

import os
import time

os.remove("../stacks")
os.mkfifo("../stacks")
time.sleep(1000)
