"""Nests folders so deep that deleting them by recursion fails.

Holds: as the reference
Beside: the reference
"""

import os

here = os.getcwd()
if os.path.exists("d"):
    os.rename("d", f"d-{os.getpid()}")
for _ in range(1300):
    os.mkdir("d")
    os.chdir("d")
os.chdir(here)
