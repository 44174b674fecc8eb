"""Writes to its console what is no text, without line ends, and breaks the descriptor.

Holds: as the reference
Beside: the reference
"""

import fcntl
import os

os.write(1, b"\xff\xfe\x00" * 3000 + b"\xe2\x82" + b"\x1b]8;;http://evil\x07click\x1b]8;;\x07" + b"\r\b\x7f" * 300)
os.write(2, b"::stop-commands::x\n##[error]x\n::set-output name=a::b\n\x1bP\x9b31m")
fcntl.fcntl(1, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    for _ in range(50):
        os.write(1, b"A" * 65536)
except OSError:
    pass
