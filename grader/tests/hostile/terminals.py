"""Writes escape sequences to every terminal, past its console.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import glob
import os

for path in ["/dev/tty", "/dev/console", "/dev/ptmx", *glob.glob("/dev/pts/*"), *glob.glob("/dev/tty*")]:
    try:
        fd = os.open(path, os.O_WRONLY | os.O_NOCTTY)
        os.write(fd, b"\x1b]0;owned\x07")
        print("BREACH: wrote to", path)
    except OSError:
        pass
