"""Hangs in an atexit hook and in a thread that is no daemon.

Holds: as the reference
Beside: the reference
Limits: stop 1
"""

import atexit
import threading
import time

atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()
