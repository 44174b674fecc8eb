"""Fills its folder with file after file.

Holds: contained
Beside: the reference
Limits: start 8, stop 1
"""

import os

for number in range(64):
    with open(f"full-{number}", "wb") as file:
        try:
            os.posix_fallocate(file.fileno(), 0, 60 << 20)
        except OSError:
            file.write(bytes(60 << 20))
print("BREACH: took 3.8 GB of disk", flush=True)
