"""Leaves objects whose finalizers, exit handlers and threads run for ever at the end.

Holds: as the reference
Beside: the reference
Limits: stop 1
"""

import atexit
import threading
import time


class Forever:
    def __del__(self):
        while True:
            time.sleep(1)


keep = Forever()
atexit.register(lambda: time.sleep(1000))
threading.Thread(target=lambda: time.sleep(1000)).start()
threading._register_atexit(lambda: time.sleep(1000)) if hasattr(threading, "_register_atexit") else None
