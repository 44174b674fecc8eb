"""Looks at every descriptor that it was born with.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import os
import socket
import stat

for fd in range(256):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    target = os.readlink(f"/proc/self/fd/{fd}")
    own = "/libffi.so" in target  # ctypes' library keeps its own file open where it maps its trampolines
    allowed = own or target == "/dev/null" or target.endswith("/stacks") or target.startswith(("socket:", "pipe:", "anon_inode:[event"))
    if not allowed:
        print("BREACH:", fd, target)
sockets = [fd for fd in range(256) if os.path.exists(f"/proc/self/fd/{fd}") and stat.S_ISSOCK(os.fstat(fd).st_mode)]
if len(sockets) > 4:
    print("BREACH: sockets", sockets)
