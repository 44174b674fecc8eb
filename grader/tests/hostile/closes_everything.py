"""Closes every descriptor that it has.

Holds: score 0
"""

import os
import time

os.closerange(0, 1024)
time.sleep(1000)
