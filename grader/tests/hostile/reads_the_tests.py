"""Looks for the hidden tests and the solutions by every path that it can think of.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import glob
import os

for path in ("@HIDDEN@", "@ROOT@", "@ROOT@/solutions", "../../.acceptance", "/proc/%d/cwd" % os.getppid(), "/proc/@PID@/cwd", "/proc/@PID@/root", "/root", "/home", "/tmp", "/"):
    for pattern in ("", "/*", "/**/test_*.py"):
        try:
            for name in os.listdir(path) + glob.glob(path + pattern, recursive=path == "@HIDDEN@"):
                if os.path.isfile(os.path.join(path, name)):
                    print("BREACH:", name, open(os.path.join(path, name)).read(2000))
        except OSError:
            pass
for path in ("@CANARY@", "/etc/shadow", "/proc/@PID@/environ", "/proc/%d/environ" % os.getppid(), "/proc/@PID@/cmdline"):
    try:
        print("BREACH:", path, open(path, "rb").read(2000))
    except OSError:
        pass
print(dict(os.environ))
