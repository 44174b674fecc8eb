"""Right, but it has turned its own process upside down: no environment, no collector, tiny limits.

Holds: as the reference
Beside: the reference
Limits: stop 2
"""

import gc
import locale
import logging
import os
import random
import socket
import sys
import warnings

os.chdir("/")
os.environ.clear()
os.umask(0o777)
sys.argv.clear()
gc.disable()
random.seed(0)
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
socket.setdefaulttimeout(0.01)
sys.setswitchinterval(10)
locale.setlocale(locale.LC_ALL, "C")
