"""A process that is always another: each forks one and ends.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import os

if os.fork() == 0:
    os.setsid()
    while True:
        if os.fork():
            os._exit(0)
