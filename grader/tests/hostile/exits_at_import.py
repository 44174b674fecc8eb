"""Calls sys.exit(0) while it is imported.

Holds: problem exited
"""

import sys

sys.exit(0)
