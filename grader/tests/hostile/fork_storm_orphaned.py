"""Forks without end, and the process that the examiner knows ends itself.

Holds: problem exited
Needs: walls
"""

import os
import time

if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.fork()
        except OSError:
            pass
time.sleep(0.2)
os._exit(0)
