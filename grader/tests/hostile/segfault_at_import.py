"""Crashes the interpreter while it is imported.

Holds: problem exited
"""

import ctypes

ctypes.string_at(0)
