"""Leaves a daemon behind: forked twice, in a session of its own.

Holds: as the reference
Beside: the reference
"""

import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        time.sleep(600)
    os._exit(0)
os.wait()
