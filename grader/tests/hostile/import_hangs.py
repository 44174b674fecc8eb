"""Never comes back from its import.

Holds: problem start_timeout
Limits: start 3
"""

import time

while True:
    time.sleep(1000)
