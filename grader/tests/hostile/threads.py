"""Starts threads until it cannot.

Holds: contained
Beside: the reference
Limits: start 8, request 3, stop 1
"""

import threading
import time

try:
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
except RuntimeError:
    pass
