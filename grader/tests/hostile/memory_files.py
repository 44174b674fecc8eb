"""Takes memory that no limit of a process counts: in files without a name, and shared.

Holds: contained
Beside: the reference
Needs: walls
Limits: start 10, stop 1
"""

import mmap
import os

total = 0
hoard = []
try:
    while total < 1 << 30:
        if not hasattr(os, "memfd_create"):
            break
        fd = os.memfd_create("hoard")
        os.write(fd, b"x" * (1 << 24))
        hoard.append(fd)
        total += 1 << 24
    if total:
        print("BREACH: a gigabyte in memory files", flush=True)
except OSError as error:
    print("refused", error)
