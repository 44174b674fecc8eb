"""Puts itself before every import, traces every call and changes the builtins.

Holds: contained
Beside: the reference
Limits: stop 1
"""

import builtins
import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("grader"):
            print("BREACH:", name)
        return None


sys.meta_path.insert(0, Finder())
sys.setprofile(lambda *a: None)
_len = builtins.len
builtins.len = lambda x: _len(x)
builtins.open = lambda *a, **k: (_ for _ in ()).throw(OSError("no files today"))
