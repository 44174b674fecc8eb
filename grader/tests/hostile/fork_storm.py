"""Forks as often as it can, in each child again.

Holds: contained
Limits: start 3
Needs: walls
"""

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
