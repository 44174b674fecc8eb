"""Goes into the background as daemons do: the parent exits, a child serves on.

Holds: contained
Beside: the reference
Limits: start 3, stop 1
"""

import os

if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
