"""Stops and kills its parent and the examiner.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import os
import signal

for pid in (os.getppid(), @PID@, 1):
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(pid, number)
            print("BREACH: signalled", pid)
        except OSError:
            pass
