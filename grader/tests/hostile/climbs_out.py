"""Climbs out of its folder by every door: parents, /proc, descriptors of folders, renames.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import os

for path in ("..", "../..", "../../..", "/proc/self/cwd/..", "/proc/self/root", "/proc/1/root", "/proc/thread-self/root/root", "/proc/self/exe", "/dev/fd"):
    for action in (os.listdir, lambda p: os.mkdir(os.path.join(p, "breach")), lambda p: os.symlink("x", os.path.join(p, "breach"))):
        try:
            found = action(path)
            if isinstance(found, list) and "fd" not in path and set(found) & {"etc", "root", "canary.txt"}:
                print("BREACH: listed", path, found[:5])
        except OSError:
            pass
for fd in range(0, 256):
    try:
        inner = os.open("..", os.O_RDONLY | os.O_DIRECTORY, dir_fd=fd)
        print("BREACH: a folder's descriptor", fd, os.listdir(inner))
    except OSError:
        pass
for source, target in (("@CANARY@", "hard"), ("/etc/shadow", "shadow"), ("/proc/self/fd/1", "console")):
    try:
        os.link(source, target, follow_symlinks=True)
        print("BREACH: linked", source, open(target).read(200))
    except OSError:
        pass
try:
    os.rename(".", "../renamed")
except OSError:
    pass
