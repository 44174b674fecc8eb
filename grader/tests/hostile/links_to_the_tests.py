"""Links to what it may not read, hard and soft, and reads through the links.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import os

for number, target in enumerate(["@CANARY@", "@HIDDEN@", "/etc/shadow", "/proc/@PID@/environ"]):
    for link in (os.symlink, os.link):
        name = f"{link.__name__}-{number}"
        try:
            link(target, name)
            print("BREACH:", open(name, "rb").read(100))
        except OSError:
            pass
