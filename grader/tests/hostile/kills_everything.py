"""Sends SIGKILL to every process that it may signal.

Holds: problem exited
Needs: walls
"""

import os
import signal

os.kill(-1, signal.SIGKILL)
os._exit(7)
