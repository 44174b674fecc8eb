"""Puts a closed folder where the examiner writes the experiments.

Holds: contained
Beside: the reference
Ticket: ex-4
Limits: stop 1
"""

import os

try:
    os.remove("experiments.json")
    os.makedirs("experiments.json/a")
    os.chmod("experiments.json", 0)
    os.chmod(".", 0o500)
except OSError:
    pass
