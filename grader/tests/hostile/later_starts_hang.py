"""Starts at once the first time, and hangs at each later start.

Holds: fails AC1
Beside: the reference
Limits: start 3
"""

import os
import time

if "EXTRA" in os.environ:
    time.sleep(1000)
