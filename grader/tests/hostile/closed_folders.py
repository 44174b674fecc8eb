"""Leaves folders and files that nobody may enter or delete.

Holds: as the reference
Beside: the reference
"""

import os

if os.path.exists("closed"):
    os.rename("closed", f"closed-{os.getpid()}")
os.makedirs("closed/inner/most")
open("closed/inner/file", "w").close()
os.chmod("closed/inner", 0)
os.chmod("closed", 0)
