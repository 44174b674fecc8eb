"""Leaves sparse files of terabytes, sockets, devices, names of every byte and folders without rights.

Holds: as the reference
Beside: the reference
"""

import os
import socket

try:
    with open("sparse", "wb") as file:
        file.truncate(1 << 43)
except OSError:
    pass
for action in (lambda: os.mknod("device", 0o20666, os.makedev(1, 9)), lambda: os.mkfifo("fifo"), lambda: socket.socket(socket.AF_UNIX).bind("sock"), lambda: os.link("main.py", "again.py"), lambda: os.chmod("main.py", 0o4777)):
    try:
        action()
    except OSError:
        pass
for number in range(1, 256):
    if number != 47:
        try:
            os.makedirs(os.path.join("names", os.fsdecode(bytes([number])) * 100), 0o000)
        except OSError:
            pass
if not os.path.exists("closed"):  # a second start as a user who may not look into it
    os.makedirs("closed/inner")
    open("closed/inner/file", "w").close()
    os.chmod("closed/inner", 0)
    os.chmod("closed", 0)
