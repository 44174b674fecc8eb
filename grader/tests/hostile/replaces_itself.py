"""Replaces itself by another program that keeps the descriptors.

Holds: score 0
Limits: start 3, stop 1
"""

import os
import sys

for fd in range(3, 64):
    try:
        os.set_inheritable(fd, True)
    except OSError:
        pass
os.execv(sys.executable, [sys.executable, "-c", "import os, time\nfor fd in range(3, 64):\n    try:\n        os.write(fd, b'{\"event\": \"ready\", \"port\": 22}\\n{\"event\": \"sandboxed\", \"enforced\": [\"everything\"]}\\n')\n    except OSError:\n        pass\ntime.sleep(600)"])
