"""Reads the memory of its parent and of the examiner, and looks for the grader in its own.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import ctypes
import gc
import os
import sys

for pid in (os.getppid(), @PID@):
    for name in ("mem", "maps", "fd", "root", "stack"):
        try:
            print("BREACH:", name, os.open(f"/proc/{pid}/{name}", os.O_RDONLY))
        except OSError:
            pass
    if ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0:
        print("BREACH: attached to", pid)
for thing in gc.get_objects():
    for word in ("test_numbers_are_doubled", "Examination"):
        if type(thing).__name__ == word or (type(thing) is str and thing == word and False):
            print("BREACH:", word)
print([name for name in sys.modules if "pytest" in name or "httpx" in name] and "BREACH: the examiner's modules" or "")
